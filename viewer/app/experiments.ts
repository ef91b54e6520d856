/** The built-in experiments, bundled with the page. */

const documents = import.meta.glob<string>("../../experiments/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

const folder = "../../experiments/";

export interface BuiltIn {
  name: string;
  /** The document as its author wrote it. */
  text: string;
}

export const builtIns: readonly BuiltIn[] = Object.entries(documents).map(([path, text]) => ({
  name: path.slice(folder.length, -".json".length),
  text,
}));

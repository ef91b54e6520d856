/** The built-in experiments and their data, bundled with the page: a page reads no files but these. */

import { referencedFiles } from "../../src/data/registry.ts";
import { DocumentError } from "../../src/document/error.ts";
import type { Experiment, Run } from "../../src/document/types.ts";
import type { Files } from "../../src/engine.ts";

const documents = import.meta.glob<string>("../../experiments/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const addresses = import.meta.glob<string>("../../experiments/data/*.{npy,csv}", {
  query: "?url&no-inline",
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

/** Addresses of the data files by the path that built-in documents name them with. */
const dataFiles = new Map(
  Object.entries(addresses).map(([path, address]) => [path.slice(folder.length), address]),
);

/**
 * Fetches the files that an experiment names.
 *
 * @throws DocumentError where one is not among the page's own
 */
export async function fetchFiles(experiment: Experiment): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const path of new Set(experiment.runs.flatMap(filesOf))) {
    const address = dataFiles.get(path.replace(/^\.\//, ""));
    if (address === undefined) {
      const known = [...dataFiles.keys()].join(", ");
      throw new DocumentError(path, `is not one of this page's files (${known}); the command reads your own`);
    }
    const response = await fetch(address);
    if (!response.ok)
      throw new DocumentError(path, `could not be fetched: ${response.status} ${response.statusText}`);
    files.set(path, new Uint8Array(await response.arrayBuffer()));
  }
  return files;
}

const filesOf = ({ data, init: { shape } }: Run): string[] => [
  ...referencedFiles(data),
  ...(typeof shape === "object" && "file" in shape ? [shape.file] : []),
];

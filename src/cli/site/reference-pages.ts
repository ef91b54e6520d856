import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { parseJson } from "../../document/json-text.ts";
import type { Json } from "../../document/types.ts";
import { experimentJsonSchema } from "../../experiment/json-schema.ts";
import { builtInNames, builtInPath } from "../experiment/built-in.ts";
import { packageRoot } from "../process/package-root.ts";
import { quantitiesText } from "./quantities-text.ts";
import { referenceText } from "./reference-text.ts";

/** Pages that are made from schema and registries: their paths, and their text. */
export async function referencePages(): Promise<[path: string, text: string][]> {
  const documents = builtInNames().map((name) => parseJson(readFileSync(builtInPath(name)!, "utf8")) as Json);
  const pages: [string, string][] = [
    ["docs/reference.md", referenceText(experimentJsonSchema(), documents)],
    ["docs/quantities.md", quantitiesText()],
  ];
  return Promise.all(
    pages.map(async ([path, text]): Promise<[string, string]> => {
      const style = await resolveConfig(join(packageRoot, path));
      return [path, await format(text, { ...style, parser: "markdown" })];
    }),
  );
}

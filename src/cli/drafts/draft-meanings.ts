/** What the fields of a document mean, in the words of its schema. */

import * as v from "valibot";
import { formatPath, isObject, type Path, valueAt } from "../../document/path.ts";
import { shown } from "../../document/shown.ts";
import type { Json } from "../../document/types.ts";
import { documentSchema } from "../../experiment/schema.ts";
import { nodeOf, schemaAt, schemaOf } from "../../experiment/schema-tree.ts";
import { numberText } from "../experiment/document-text.ts";
import { catalogue, type QuantityName } from "../../quantities/catalogue.ts";

/** A line a field: its path, its value, and what it means. */
export function meaningsText(document: Json): string {
  const rows = pathsOf(document, [])
    .filter(([first]) => first !== "$schema" && first !== "description")
    .flatMap((path) => rowsOf(document, path));
  const [paths, values] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([path, value, meaning]) => `  ${path.padEnd(paths)}  ${value.padEnd(values)}  ${meaning}`.trimEnd())
    .join("\n");
}

type Row = [path: string, value: string, meaning: string];

function rowsOf(document: Json, path: Path): Row[] {
  const written = formatPath(path);
  const value = valueAt(document, path)!;
  if (written === "record.quantities")
    return (value as QuantityName[]).map((name, place) => [
      place === 0 ? written : "",
      name,
      `${catalogue[name].title}: ${catalogue[name].symbol}`,
    ]);
  if (written === "sweep") return (value as { path?: string; paths?: string[] }[]).map(sweepRow);
  return [[written, typeof value === "number" ? numberText(value) : shown(value), meaningOf(document, path)]];
}

function sweepRow({ path, paths = [path!], ...values }: { path?: string; paths?: string[] }): Row {
  const [[form, value]] = Object.entries(values);
  return [
    "sweep",
    paths.join(", "),
    form === "values"
      ? `${(value as unknown[]).length} values${paths.length > 1 ? ", set together" : ""}`
      : `${form} ${JSON.stringify(value)}`,
  ];
}

/** Paths of the leaves, lists being leaves. */
function pathsOf(value: Json, path: Path): Path[] {
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}

function meaningOf(document: Json, path: Path): string {
  const own = descriptionAt(document, path);
  // What a kind is of, its section says.
  return own ?? (path.at(-1) === "kind" ? descriptionAt(document, path.slice(0, -1)) : undefined) ?? "";
}

function descriptionAt(document: Json, path: Path): string | undefined {
  const node = schemaAt(nodeOf(documentSchema), path, document);
  return node && v.getDescription(schemaOf(node));
}

/** What every Parquet file of a results folder says of itself, in its key-value metadata. */

import type { KeyValue } from "hyparquet";
import { version } from "../../package.json";
import { isObject } from "../document/path.ts";
import type { Json } from "../document/types.ts";
import { columnMeanings } from "./column-meanings.ts";

/** Keys in alphabetical order: what was written in another order, or read again, is the same document. */
const sorted = (_: string, value: Json): Json =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/**
 * Nothing of when and where: a table's bytes are those of its numbers, document and program.
 *
 * @param names of the table's columns
 */
export const tableMetadata = (
  { name, document }: { name: string; document: Json },
  names: readonly string[],
): KeyValue[] => [
  { key: "alphasweep.version", value: version },
  { key: "alphasweep.name", value: name },
  { key: "alphasweep.columns", value: JSON.stringify(columnMeanings(names, document)) },
  { key: "alphasweep.document", value: JSON.stringify(document, sorted) },
];

/** A results folder's tables as columns, from bytes that may come from anyone. Runs in Node and in a page. */

import type { AsyncBuffer, FileMetaData, SchemaElement } from "hyparquet";
import { parquetMetadataAsync, parquetSchema } from "hyparquet";
import { readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { checkChunk, chunkRange } from "./parquet-check.ts";
import { expandSnappy } from "./snappy.ts";
import type { Column, Table } from "./table.ts";

/** At most this many values are read from one table: what a page can hold. */
const mostValues = 2 ** 27;
const mostRowsOfAByte = 64;
const compressors = { SNAPPY: expandSnappy };

/**
 * Reads a Parquet table.
 *
 * @param name of the file, for messages
 * @param numeric columns that must be there and hold numbers
 * @throws Error that names the file and what is wrong, in one line
 */
export async function decodeTable(file: AsyncBuffer, name: string, numeric: readonly string[]): Promise<Table> {
  const metadata = await describingDamage(name, () => parquetMetadataAsync(file));
  const leaves = metadata.schema.slice(1);
  if (leaves.some(({ num_children }) => num_children)) throw new Error(`${name} has nested columns`);
  const rows = Number(metadata.num_rows);
  // Encodings can hold any number of equal values in a few bytes; no table of results has nothing but those.
  if (rows > mostRowsOfAByte * file.byteLength) throw new Error(`${name} is damaged: it says ${rows} rows in ${file.byteLength} bytes`);
  const columns = checkColumns(metadata, leaves, rows, name, numeric);
  await describingDamage(name, () => readColumns(file, metadata, columns));
  return { rows, columns: Object.fromEntries(columns) };
}

/**
 * Fills the columns. One chunk at a time: `parquetRead` reads them all at once, and where several are damaged, all
 * but the first error would end the program.
 */
async function readColumns(file: AsyncBuffer, metadata: FileMetaData, columns: Map<string, Column>): Promise<void> {
  const tree = parquetSchema(metadata);
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    if (group.columns.length !== tree.children.length) throw new Error("a row group lacks a column");
    for (const [place, { meta_data: chunk, file_path: elsewhere }] of group.columns.entries()) {
      const { element } = tree.children[place];
      if (!chunk || elsewhere) throw new Error("a column lies in another file");
      const view = new DataView(await file.slice(...chunkRange(chunk, element, file.byteLength)));
      checkChunk(view, chunk, element, rows);
      const { data } = readColumn(
        { view, offset: 0 },
        { groupStart, groupRows: rows, selectStart: 0, selectEnd: rows },
        { ...chunk, pathInSchema: [element.name], element, schemaPath: [tree, tree.children[place]], parsers: DEFAULT_PARSERS, compressors },
      );
      const column = columns.get(element.name)!;
      const isNumbers = ArrayBuffer.isView(column);
      let row = groupStart;
      for (const values of data) for (const value of values) column[row++] = valueOf(value, isNumbers);
      if (row !== groupStart + rows) throw new Error("a column is shorter than its table");
    }
    groupStart += rows;
  }
}

/** Empty columns of the right types, once the sizes are known to be sensible. */
function checkColumns(
  metadata: FileMetaData,
  leaves: SchemaElement[],
  rows: number,
  name: string,
  numeric: readonly string[],
): Map<string, Column> {
  if (!Number.isSafeInteger(rows) || rows < 0 || rows * leaves.length > mostValues)
    throw new Error(`${name} has ${metadata.num_rows} rows of ${leaves.length} columns; at most ${mostValues} values are read`);
  const groups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (groups !== rows) throw new Error(`${name} is damaged: its row groups hold ${groups} rows, and it says ${rows}`);
  const names = leaves.map((leaf) => leaf.name);
  if (new Set(names).size < names.length) throw new Error(`${name} has two columns of the same name`);
  for (const wanted of numeric) {
    const leaf = leaves.find((candidate) => candidate.name === wanted);
    if (!leaf) throw new Error(`${name} has no column "${wanted}"`);
    if (!isNumeric(leaf)) throw new Error(`${name}: column "${wanted}" holds no numbers`);
  }
  return new Map(leaves.map((leaf) => [leaf.name, emptyColumn(leaf, rows)]));
}

const isNumeric = ({ type }: SchemaElement): boolean => type === "INT32" || type === "DOUBLE" || type === "FLOAT";

function emptyColumn(leaf: SchemaElement, rows: number): Column {
  if (leaf.type === "INT32" && leaf.repetition_type === "REQUIRED") return new Int32Array(rows);
  if (isNumeric(leaf)) return new Float64Array(rows).fill(NaN);
  return new Array<string | number | boolean | null>(rows).fill(null);
}

/** A missing number is NaN in a column of numbers. */
function valueOf(value: unknown, asNumber: boolean): never {
  if (asNumber) return (typeof value === "number" ? value : NaN) as never;
  const kept = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return (kept ? value : null) as never;
}

/** The library's errors on damaged bytes are of every sort; none of them helps a user. */
async function describingDamage<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new Error(`${name} is damaged or no Parquet file`, { cause: error });
  }
}

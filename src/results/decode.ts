/** A results folder's tables as columns, from bytes that may come from anyone. Runs in Node and in a page. */

import type { AsyncBuffer, DecodedArray, FileMetaData, RowGroup, SchemaElement } from "hyparquet";
import { parquetMetadataAsync, parquetSchema } from "hyparquet";
import { readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { checkChunk, chunkRange } from "./parquet-check.ts";
import { chooseRecords } from "./sample.ts";
import { expandSnappy } from "./snappy.ts";
import type { Column, Table } from "../document/table.ts";
import type { Results } from "./types.ts";

/** Columns of a history that are the runs table's already: what the sweep set. */
const isSwept = (name: string): boolean => name.includes(".");

/** At most this many values are read from one table. */
const mostValues = 2 ** 27;
const mostRowsOfAByte = 64;
/** Of a history that is read in part: a group is decoded at once. Our own have 65 536 rows. */
const mostGroupRows = 2 ** 22;
const mostRuns = 2 ** 22;
const compressors = { SNAPPY: expandSnappy };

/**
 * Reads a Parquet table.
 *
 * @param name of the file, for messages
 * @param numeric columns that must be there and hold numbers
 * @throws Error that names the file and what is wrong, in one line
 */
export async function decodeTable(
  file: AsyncBuffer,
  name: string,
  numeric: readonly string[],
): Promise<Table> {
  return decodeAll(file, await readMetadata(file, name), name, numeric);
}

/**
 * Reads a history without what the sweep set, which the runs table has; of a larger one than is wanted fewer records of each run,
 * or of fewer runs.
 *
 * @param name of the file, for messages
 * @param bytes that its columns may take, where one run's fit; all is read where left out
 * @throws Error that names the file and what is wrong, in one line
 */
export async function decodeHistory(
  file: AsyncBuffer,
  name: string,
  bytes = Infinity,
): Promise<Pick<Results, "history" | "thinned">> {
  const numeric = ["run", "epoch", "time"];
  const metadata = await readMetadata(file, name);
  const read = leavesOf(metadata).filter((leaf) => !isSwept(leaf.name));
  const most = bytes / 8 / read.length;
  const whole = async () => ({ history: await decodeAll(file, metadata, name, numeric, isSwept) });
  if (Number(metadata.num_rows) <= most) return whole();
  checkColumns(metadata, 0, name, numeric, isSwept);
  for (const { num_rows } of metadata.row_groups)
    if (num_rows > mostGroupRows)
      throw new Error(
        `${name} has ${num_rows} rows in one group, and too many to be read whole; at most ${mostGroupRows} are read`,
      );
  const lengths = await describingDamage(name, () => readLengths(file, metadata));
  if (!lengths) throw new Error(`${name} is too large to be read whole, and its runs are not in order`);
  const { step, places } = chooseRecords(
    lengths.map((length) => length - 1),
    most,
  );
  if (step === 1 && places.length === lengths.length) return whole();
  const { kept, records } = chooseRows(lengths, step, places);
  const columns = checkColumns(metadata, kept.length, name, numeric, isSwept);
  await describingDamage(name, () => readColumns(file, metadata, columns, kept));
  return {
    history: { rows: kept.length, columns: Object.fromEntries(columns) },
    thinned: { step, records: Int32Array.from(records) },
  };
}

async function decodeAll(
  file: AsyncBuffer,
  metadata: FileMetaData,
  name: string,
  numeric: readonly string[],
  isLeft?: (column: string) => boolean,
): Promise<Table> {
  const rows = Number(metadata.num_rows);
  const columns = checkColumns(metadata, rows, name, numeric, isLeft);
  await describingDamage(name, () => readColumns(file, metadata, columns));
  return { rows, columns: Object.fromEntries(columns) };
}

async function readMetadata(file: AsyncBuffer, name: string): Promise<FileMetaData> {
  const metadata = await describingDamage(name, () => parquetMetadataAsync(file));
  if (leavesOf(metadata).some(({ num_children }) => num_children))
    throw new Error(`${name} has nested columns`);
  const rows = Number(metadata.num_rows);
  // Encodings can hold any number of equal values in a few bytes; no table of results has nothing but those.
  if (rows > mostRowsOfAByte * file.byteLength)
    throw new Error(`${name} is damaged: it says ${rows} rows in ${file.byteLength} bytes`);
  const groups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (groups !== rows)
    throw new Error(`${name} is damaged: its row groups hold ${groups} rows, and it says ${rows}`);
  return metadata;
}

const leavesOf = (metadata: FileMetaData): SchemaElement[] => metadata.schema.slice(1);

/** How many records each run has; undefined where the runs are not in order. */
async function readLengths(file: AsyncBuffer, metadata: FileMetaData): Promise<number[] | undefined> {
  const place = leavesOf(metadata).findIndex((leaf) => leaf.name === "run");
  const lengths: number[] = [];
  let run = -Infinity;
  for (const group of metadata.row_groups)
    for (const values of await readChunk(file, metadata, group, place))
      for (const value of values as ArrayLike<number> & Iterable<number>) {
        if (value === run) lengths[lengths.length - 1] += 1;
        else if (value > run && lengths.length < mostRuns) lengths.push(1);
        else return undefined;
        run = value;
      }
  return lengths;
}

/** Rows of some runs' every step-th record and last, and which of their records they are. */
function chooseRows(
  lengths: readonly number[],
  step: number,
  places: readonly number[],
): { kept: number[]; records: number[] } {
  const kept: number[] = [];
  const records: number[] = [];
  let start = 0;
  let next = 0;
  lengths.forEach((length, run) => {
    if (places[next] === run) {
      next += 1;
      for (let record = 0; record < length; record += step) {
        kept.push(start + record);
        records.push(record);
      }
      if ((length - 1) % step !== 0) {
        kept.push(start + length - 1);
        records.push(length - 1);
      }
    }
    start += length;
  });
  return { kept, records };
}

/**
 * Fills the columns. One chunk at a time: `parquetRead` reads them all at once, and where several are damaged, all
 * but the first error would end the program.
 *
 * @param kept rows that the columns take, in order; all where left out
 */
async function readColumns(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: Map<string, Column>,
  kept?: readonly number[],
): Promise<void> {
  let groupStart = 0;
  let groupKept = 0;
  for (const group of metadata.row_groups) {
    const end = groupStart + Number(group.num_rows);
    let next = groupKept;
    for (const [place, { name }] of leavesOf(metadata).entries()) {
      const column = columns.get(name);
      if (!column) continue;
      const isNumbers = ArrayBuffer.isView(column);
      let row = groupStart;
      next = groupKept;
      for (const values of await readChunk(file, metadata, group, place))
        for (const value of values) {
          if (!kept || kept[next] === row) column[next++] = valueOf(value, isNumbers);
          row += 1;
        }
      if (row !== end) throw new Error("a column is shorter than its table");
    }
    groupStart = end;
    groupKept = next;
  }
}

/** A column's values in a row group, page by page. */
async function readChunk(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  place: number,
): Promise<DecodedArray[]> {
  const tree = parquetSchema(metadata);
  if (group.columns.length !== tree.children.length) throw new Error("a row group lacks a column");
  const { meta_data: chunk, file_path: elsewhere } = group.columns[place];
  const { element } = tree.children[place];
  if (!chunk || elsewhere) throw new Error("a column lies in another file");
  const view = new DataView(await file.slice(...chunkRange(chunk, element, file.byteLength)));
  const rows = Number(group.num_rows);
  checkChunk(view, chunk, element, rows);
  const { data } = readColumn(
    { view, offset: 0 },
    { groupStart: 0, groupRows: rows, selectStart: 0, selectEnd: rows },
    {
      ...chunk,
      pathInSchema: [element.name],
      element,
      schemaPath: [tree, tree.children[place]],
      parsers: DEFAULT_PARSERS,
      compressors,
    },
  );
  return data;
}

/** Empty columns of the right types, once the sizes are known to be sensible. */
function checkColumns(
  metadata: FileMetaData,
  rows: number,
  name: string,
  numeric: readonly string[],
  isLeft: (column: string) => boolean = () => false,
): Map<string, Column> {
  const leaves = leavesOf(metadata).filter((leaf) => !isLeft(leaf.name));
  if (!Number.isSafeInteger(rows) || rows < 0 || rows * leaves.length > mostValues)
    throw new Error(
      `${name} has ${rows} rows of ${leaves.length} columns; at most ${mostValues} values are read`,
    );
  const names = leaves.map((leaf) => leaf.name);
  if (new Set(names).size < names.length) throw new Error(`${name} has two columns of the same name`);
  for (const wanted of numeric) {
    const leaf = leaves.find((candidate) => candidate.name === wanted);
    if (!leaf) throw new Error(`${name} has no column "${wanted}"`);
    if (!isNumeric(leaf)) throw new Error(`${name}: column "${wanted}" holds no numbers`);
  }
  return new Map(leaves.map((leaf) => [leaf.name, emptyColumn(leaf, rows)]));
}

const isNumeric = ({ type }: SchemaElement): boolean =>
  type === "INT32" || type === "DOUBLE" || type === "FLOAT";

function emptyColumn(leaf: SchemaElement, rows: number): Column {
  // Figures compute with epochs, and half of one is none in an array of integers.
  if (leaf.type === "INT32" && leaf.repetition_type === "REQUIRED" && leaf.name !== "epoch")
    return new Int32Array(rows);
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

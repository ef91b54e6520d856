/**
 * What must hold of a Parquet file before it is decoded. hyparquet takes a page's own word for the lengths of its
 * runs: a flipped bit can make it fill memory or never return. Here every page of a flat column is walked first, and
 * whatever says more than it holds is an error.
 */

import type { ColumnMetaData, SchemaElement } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { expandSnappy } from "./snappy.ts";

/** One column chunk is read at once. */
const mostChunkBytes = 2 ** 30;
/** Snappy repeats at most 64 bytes in 3. */
const mostExpansion = 32;

type PageHeader = ReturnType<typeof parquetHeader>;

/** The part of a page header that says how its values lie, whichever version it is. */
interface Values {
  count: number;
  nulls: number;
  encoding: string;
}

/** The bytes of a column chunk in its file, once they are known to lie there. */
export function chunkRange(column: ColumnMetaData, leaf: SchemaElement, fileBytes: number): [number, number] {
  const start = Number(column.dictionary_page_offset ?? column.data_page_offset);
  const size = Number(column.total_compressed_size);
  mustHold(
    Number.isSafeInteger(start) && start >= 4 && size >= 0 && size <= mostChunkBytes,
    "a column of a wrong size",
  );
  mustHold(start + size <= fileBytes, "a column ends past the file");
  mustHold(column.type === leaf.type && leaf.repetition_type !== "REPEATED", "a column of another type");
  mustHold(column.codec === "SNAPPY" || column.codec === "UNCOMPRESSED", "an unknown compression");
  return [start, start + size];
}

/**
 * Checks every page of a column chunk.
 *
 * @throws Error where a page contradicts its file
 */
export function checkChunk(
  view: DataView<ArrayBuffer>,
  column: ColumnMetaData,
  leaf: SchemaElement,
  rows: number,
): void {
  const reader = { view, offset: 0 };
  let seen = 0;
  while (reader.offset < view.byteLength - 1 && seen < rows) {
    const header = parquetHeader(reader);
    const bytes = header.compressed_page_size;
    mustHold(isCount(bytes) && reader.offset + bytes <= view.byteLength, "a page ends past its column");
    mustHold(isCount(header.uncompressed_page_size), "a page of a wrong size");
    mustHold(header.uncompressed_page_size <= mostExpansion * bytes + 1024, "a page of a wrong size");
    const page = new Uint8Array(view.buffer, view.byteOffset + reader.offset, bytes);
    seen += checkPage(header, page, leaf, column.codec === "SNAPPY", rows - seen);
    reader.offset += bytes;
  }
  mustHold(seen === rows, "a column is shorter than its table");
}

/** @returns how many rows the page holds */
function checkPage(
  header: PageHeader,
  page: Uint8Array,
  leaf: SchemaElement,
  compressed: boolean,
  room: number,
): number {
  const optional = leaf.repetition_type !== "REQUIRED";
  const size = header.uncompressed_page_size;
  if (header.type === "DICTIONARY_PAGE") {
    const count = header.dictionary_page_header?.num_values ?? -1;
    mustHold(isCount(count) && count <= size, "a dictionary of a wrong size");
    return 0;
  }
  if (header.type === "DATA_PAGE_V2" && header.data_page_header_v2) {
    const { num_values, num_nulls, num_rows, encoding, is_compressed, ...levels } =
      header.data_page_header_v2;
    const { definition_levels_byte_length: definition, repetition_levels_byte_length: repetition } = levels;
    mustHold(num_rows === num_values && repetition === 0, "nested values");
    mustHold(isCount(definition) && definition <= Math.min(page.length, size), "levels end past their page");
    const values = checkValues({ count: num_values, nulls: num_nulls, encoding }, room);
    if (optional) checkRuns(page, 0, definition, 1, values.count);
    const body = page.subarray(definition);
    if (needsRuns(values))
      checkIndexes(
        compressed && is_compressed !== false ? expandSnappy(body, size - definition) : body,
        0,
        values,
        leaf,
      );
    return values.count;
  }
  if (header.type === "DATA_PAGE" && header.data_page_header) {
    const { num_values, encoding } = header.data_page_header;
    const values = checkValues({ count: num_values, nulls: 0, encoding }, room);
    const body = compressed ? expandSnappy(page, size) : page;
    let offset = 0;
    if (optional) {
      const length = new DataView(body.buffer, body.byteOffset, body.length).getUint32(0, true);
      mustHold(4 + length <= body.length, "levels end past their page");
      values.nulls = values.count - checkRuns(body, 4, 4 + length, 1, values.count);
      offset = 4 + length;
    }
    if (needsRuns(values)) checkIndexes(body, offset, values, leaf);
    return values.count;
  }
  throw new Error("a page of an unknown type");
}

function checkValues(values: Values, room: number): Values {
  mustHold(isCount(values.count) && values.count <= room, "a page of more rows than its table");
  mustHold(isCount(values.nulls) && values.nulls <= values.count, "a page of more gaps than values");
  mustHold(encodings.includes(values.encoding), "an unknown encoding");
  return values;
}

const encodings = ["PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE"];
const needsRuns = ({ encoding }: Values): boolean => encoding !== "PLAIN";

/** Indexes into a dictionary, or truth values, as runs. */
function checkIndexes(body: Uint8Array, offset: number, { count, nulls }: Values, leaf: SchemaElement): void {
  if (count === nulls) return;
  if (leaf.type === "BOOLEAN") {
    checkRuns(body, offset + 4, body.length, 1, count - nulls);
    return;
  }
  mustHold(offset < body.length && body[offset] <= 32, "indexes of a wrong width");
  checkRuns(body, offset + 1, body.length, body[offset], count - nulls);
}

/**
 * Walks the runs of the RLE and bit-packing hybrid.
 *
 * @returns how many of the values in runs of width 1 are set
 */
function checkRuns(bytes: Uint8Array, start: number, end: number, width: number, values: number): number {
  let offset = start;
  let seen = 0;
  let set = 0;
  while (seen < values) {
    let run = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      mustHold(offset < end && shift < 28, "a run without its length");
      run |= (bytes[offset] & 0x7f) << shift;
      more = bytes[offset] >= 0x80;
      offset += 1;
    }
    const packed = (run & 1) === 1;
    const count = packed ? (run >> 1) * 8 : run >> 1;
    mustHold(count > 0 && count < values - seen + (packed ? 8 : 1), "a run longer than its page");
    const length = packed ? (count / 8) * width : Math.ceil(width / 8);
    mustHold(offset + length <= end, "a run ends past its page");
    if (width === 1) {
      const here = Math.min(count, values - seen);
      for (let value = 0; value < here; value += 1)
        set += packed ? (bytes[offset + (value >> 3)] >> (value & 7)) & 1 : bytes[offset] & 1;
    }
    offset += length;
    seen += count;
  }
  return set;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function mustHold(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}

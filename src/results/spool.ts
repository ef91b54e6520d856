/**
 * Records as they come, on disk: an append-only file that memory does not grow with and that a kill cannot spoil.
 *
 *   "ALPHASPL" | u32 version | u32 bytes of the description | description, JSON, padded with spaces to eight bytes
 *   segments: u32 mark | u32 kind | u32 rows | u32 checksum of the rows | rows, each so many float64
 *
 * A segment holds the rows of a few seconds. Rows of records are [run, record, epoch, time, quantities...], sorted by
 * run and record, so that the runs a table needs next are one contiguous piece of every segment; rows of ends are
 * [run, status, epochs, time]. Of two rows for the same run and record the later one counts: a resumed run may
 * repeat what it had recorded. Opening a spool drops a last segment that a kill left incomplete.
 */

import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { EndBlock, RecordBlock, RunStatus } from "../scheduler/sink.ts";
import { readBytes, writeBytes } from "./file-bytes.ts";
import { isMissing, markMissing, markNaN } from "../document/missing.ts";
import { runStatuses } from "./run-statuses.ts";

/** How a run ended. */
export interface RunEnd {
  status: RunStatus;
  epochs: number;
  time: number;
}

/** Rows of records in order of run and record; each row is `width` float64: run, record, epoch, time, quantities. */
export interface RecordRows {
  rows: number;
  width: number;
  values: Float64Array;
}

interface Segment {
  /** Of its first row in the file. */
  offset: number;
  rows: number;
}

interface Key {
  run: number;
  record: number;
}

const magic = "ALPHASPL";
const version = 1;
const segmentMark = 0x47_45_53_41;
const segmentHeaderBytes = 16;
const recordKind = 1;
const endKind = 2;
const endWidth = 4;
/** Columns before the quantities: run, record, epoch, time. */
export const leadingColumns = 4;

/** How much of every run a spool holds. */
export type SpoolCounts = Pick<Spool, "records" | "ends">;

/** Rows wait in memory until there are this many bytes of them, or this long has passed. */
const bufferBytes = 8 * 2 ** 20;
const bufferMilliseconds = 2000;

/** Rows that are handed out at once: all of a spool's rows are cut after so many, and so is the history. */
export const rowsAtOnce = 65_536;

export class Spool {
  readonly quantities: readonly string[];
  /** How every run that has ended did. */
  readonly ends = new Map<number, RunEnd>();
  readonly #file: number;
  readonly #width: number;
  readonly #segments: Segment[] = [];
  /** Records of every run so far. */
  #records = new Uint32Array(64);
  #end: number;
  #buffer: Float64Array<ArrayBuffer>;
  #words: Uint32Array;
  #buffered = 0;
  #flushedAt = Date.now();

  private constructor(file: number, quantities: readonly string[], end: number) {
    this.#file = file;
    this.quantities = quantities;
    this.#width = leadingColumns + quantities.length;
    this.#end = end;
    this.#buffer = new Float64Array(Math.max(1, Math.floor(bufferBytes / (8 * this.#width))) * this.#width);
    this.#words = new Uint32Array(this.#buffer.buffer);
  }

  /** A new spool; fails where the file exists. */
  static create(path: string, quantities: readonly string[]): Spool {
    const file = openSync(path, "wx+");
    const description = JSON.stringify({ quantities });
    const bytes = Buffer.byteLength(description);
    const text = description + " ".repeat(Math.ceil(bytes / 8) * 8 - bytes);
    const head = Buffer.alloc(16 + Buffer.byteLength(text));
    head.write(magic, 0, "latin1");
    head.writeUInt32LE(version, 8);
    head.writeUInt32LE(Buffer.byteLength(text), 12);
    head.write(text, 16);
    writeBytes(file, head, 0);
    return new Spool(file, quantities, head.length);
  }

  /**
   * An existing spool, to read or to append to.
   *
   * @param bytes cut off what was written after so many bytes, which `sync` has given
   * @throws Error where it is no spool, or holds less than that
   */
  static open(path: string, bytes?: number): Spool {
    const spool = Spool.#read(path, "r+", bytes);
    if (spool.#end < fstatSync(spool.#file).size) ftruncateSync(spool.#file, spool.#end);
    return spool;
  }

  /**
   * Makes sure that `open` will do, and changes nothing: another command may be writing.
   *
   * @returns what it holds
   * @throws Error like `open`
   */
  static check(path: string, bytes: number): SpoolCounts {
    const spool = Spool.#read(path, "r", bytes);
    spool.close();
    return spool;
  }

  /**
   * An existing spool, to read alone.
   *
   * @param bytes all that it must hold
   * @throws Error like `open`
   */
  static read(path: string, bytes: number): Spool {
    return Spool.#read(path, "r", bytes);
  }

  /** Whether a spool, or what a killed command has left of one or not even made, holds no record and no end. */
  static isEmpty(path: string): boolean {
    if (!existsSync(path)) return true;
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      return size < 16 || size <= 16 + readExactly(file, 0, 16, size).readUInt32LE(12);
    } finally {
      closeSync(file);
    }
  }

  static #read(path: string, flags: "r" | "r+", bytes?: number): Spool {
    const file = openSync(path, flags);
    try {
      const size = Math.min(fstatSync(file).size, bytes ?? Infinity);
      const head = readExactly(file, 0, 16, size);
      if (head.toString("latin1", 0, 8) !== magic) throw new Error(`${path} is no record spool`);
      if (head.readUInt32LE(8) !== version)
        throw new Error(
          `${path} is a record spool of version ${head.readUInt32LE(8)}; this program reads ${version}`,
        );
      const length = head.readUInt32LE(12);
      const description = readExactly(file, 16, length, size).toString("utf8");
      const spool = new Spool(file, readQuantities(path, description), 16 + length);
      spool.#recover(size);
      if (bytes !== undefined && spool.#end !== bytes)
        throw new Error(`${path} is damaged: ${spool.#end} of its first ${bytes} bytes can be read`);
      return spool;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Runs that have a record or an end: one more than the largest index seen. */
  get runs(): number {
    let runs = this.#records.length;
    while (runs > 0 && this.#records[runs - 1] === 0) runs -= 1;
    for (const run of this.ends.keys()) runs = Math.max(runs, run + 1);
    return runs;
  }

  /** Records of all runs. */
  get rows(): number {
    return this.#records.reduce((sum, records) => sum + records, 0);
  }

  /** How many records a run has. */
  records(run: number): number {
    return run < this.#records.length ? this.#records[run] : 0;
  }

  append(block: RecordBlock): void {
    const columns = this.quantities.map((name) => {
      const column = Object.hasOwn(block.quantities, name) ? block.quantities[name] : undefined;
      return (
        column && { column, words: new Uint32Array(column.buffer, column.byteOffset, 2 * column.length) }
      );
    });
    for (let row = 0; row < block.runs.length; row += 1) {
      if ((this.#buffered + 1) * this.#width > this.#buffer.length) this.flush();
      const at = this.#buffered * this.#width;
      this.#buffer[at] = block.runs[row];
      this.#buffer[at + 1] = block.record;
      this.#buffer[at + 2] = block.epoch[row];
      this.#buffer[at + 3] = block.time[row];
      columns.forEach((given, place) => {
        const to = at + leadingColumns + place;
        if (!given || isMissing(given.words, row)) return markMissing(this.#words, to);
        this.#buffer[to] = given.column[row];
        if (Number.isNaN(given.column[row])) markNaN(this.#words, to);
      });
      this.#count(block.runs[row], block.record);
      this.#buffered += 1;
    }
    if (Date.now() - this.#flushedAt > bufferMilliseconds) this.flush();
  }

  appendEnds(block: EndBlock): void {
    // The records of a run come before its end on disk too: a run that has ended is whole after a kill.
    this.flush();
    const rows = new Float64Array(block.runs.length * endWidth);
    block.runs.forEach((run, row) => {
      const end = { status: block.status[row], epochs: block.epochs[row], time: block.time[row] };
      rows.set([run, runStatuses.indexOf(end.status), end.epochs, end.time], row * endWidth);
      this.ends.set(run, end);
    });
    this.#writeSegment(endKind, block.runs.length, rows);
  }

  /** Writes what waits in memory. */
  flush(): void {
    this.#flushedAt = Date.now();
    if (this.#buffered === 0) return;
    const rows = this.#buffered;
    this.#buffered = 0;
    const offset = this.#writeSegment(recordKind, rows, sortRows(this.#buffer, rows, this.#width));
    this.#segments.push({ offset, rows });
  }

  /**
   * Brings everything so far to the disk.
   *
   * @returns how many bytes it takes there
   */
  sync(): number {
    this.flush();
    fsyncSync(this.#file);
    return this.#end;
  }

  close(): void {
    closeSync(this.#file);
  }

  /**
   * Every record in order of run and record, a few at a time.
   *
   * @param rows how many rows to hand out at once, about
   */
  *inOrder(rows = rowsAtOnce): Generator<RecordRows> {
    this.flush();
    const read = this.#segments.map(() => 0);
    for (const end of this.#cuts(rows)) {
      const pieces = this.#segments.map((segment, index) => {
        const from = read[index];
        read[index] = this.#firstRowAt(segment, from, end);
        return this.#readRows(segment, from, read[index]);
      });
      const merged = merge(pieces, this.#width);
      if (merged.rows > 0) yield merged;
    }
  }

  /** Keys that cut all records into pieces of about `rows` rows; the last lies past every record. */
  *#cuts(rows: number): Generator<Key> {
    let room = rows;
    // Found by looking at every run.
    const { runs } = this;
    for (let run = 0; run < runs; run += 1) {
      let record = 0;
      while (this.records(run) - record > room) {
        record += room;
        yield { run, record };
        room = rows;
      }
      room -= this.records(run) - record;
    }
    yield { run: Infinity, record: 0 };
  }

  /** The first row of a segment, at or after row `from`, that does not come before the key. */
  #firstRowAt(segment: Segment, from: number, key: Key): number {
    let low = from;
    let high = segment.rows;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.#readDoubles(segment.offset + middle * this.#width * 8, 2);
      if (row[0] < key.run || (row[0] === key.run && row[1] < key.record)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #readRows(segment: Segment, from: number, to: number): Float64Array {
    return this.#readDoubles(segment.offset + from * this.#width * 8, (to - from) * this.#width);
  }

  #readDoubles(offset: number, count: number): Float64Array {
    const values = new Float64Array(count);
    readBytes(this.#file, new Uint8Array(values.buffer), offset);
    return values;
  }

  #writeSegment(kind: number, rows: number, values: Float64Array): number {
    const payload = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const segment = Buffer.alloc(segmentHeaderBytes + payload.length);
    segment.writeUInt32LE(segmentMark, 0);
    segment.writeUInt32LE(kind, 4);
    segment.writeUInt32LE(rows, 8);
    segment.writeUInt32LE(crc32(payload), 12);
    payload.copy(segment, segmentHeaderBytes);
    writeBytes(this.#file, segment, this.#end);
    const offset = this.#end + segmentHeaderBytes;
    this.#end += segment.length;
    return offset;
  }

  #count(run: number, record: number): void {
    if (run >= this.#records.length) {
      const records = new Uint32Array(Math.max(run + 1, 2 * this.#records.length));
      records.set(this.#records);
      this.#records = records;
    }
    this.#records[run] = Math.max(this.#records[run], record + 1);
  }

  /** Finds the whole segments of an existing file. */
  #recover(size: number): void {
    while (this.#end + segmentHeaderBytes <= size) {
      const header = readExactly(this.#file, this.#end, segmentHeaderBytes, size);
      const [mark, kind, rows, checksum] = new Uint32Array(header.buffer, header.byteOffset, 4);
      const width = kind === recordKind ? this.#width : endWidth;
      const offset = this.#end + segmentHeaderBytes;
      if (mark !== segmentMark || (kind !== recordKind && kind !== endKind)) break;
      if (offset + rows * width * 8 > size) break;
      const values = this.#readDoubles(offset, rows * width);
      if (crc32(Buffer.from(values.buffer)) !== checksum) break;
      if (kind === recordKind) {
        this.#segments.push({ offset, rows });
        for (let row = 0; row < rows; row += 1) this.#count(values[row * width], values[row * width + 1]);
      } else {
        for (let row = 0; row < rows; row += 1) {
          const [run, status, epochs, time] = values.subarray(row * width, (row + 1) * width);
          this.ends.set(run, { status: runStatuses[status], epochs, time });
        }
      }
      this.#end = offset + rows * width * 8;
    }
  }
}

/** Rows sorted by run and record; of rows with the same run and record, the last in `rows` order last. */
function sortRows(values: Float64Array, rows: number, width: number): Float64Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => values[a * width] - values[b * width] || values[a * width + 1] - values[b * width + 1] || a - b,
  );
  // Copied as bytes: a float64 copy may change the bits of a NaN, and with them what marks a missing value.
  const source = new Uint8Array(values.buffer, values.byteOffset, rows * width * 8);
  const sorted = new Float64Array(rows * width);
  const target = new Uint8Array(sorted.buffer);
  order.forEach((row, place) => {
    target.set(source.subarray(row * width * 8, (row + 1) * width * 8), place * width * 8);
  });
  return sorted;
}

/** Pieces in the order they were written, each sorted, as one; of repeated rows the last written is kept. */
function merge(pieces: Float64Array[], width: number): RecordRows {
  const all = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(new Uint8Array(piece.buffer), offset);
    offset += piece.byteLength;
  }
  const values = sortRows(new Float64Array(all.buffer), all.byteLength / (8 * width), width);
  const bytes = new Uint8Array(values.buffer);
  let kept = 0;
  for (let row = 0; row * width < values.length; row += 1) {
    const repeated =
      kept > 0 &&
      values[(kept - 1) * width] === values[row * width] &&
      values[(kept - 1) * width + 1] === values[row * width + 1];
    if (repeated) kept -= 1;
    bytes.copyWithin(kept * width * 8, row * width * 8, (row + 1) * width * 8);
    kept += 1;
  }
  return { rows: kept, width, values: values.subarray(0, kept * width) };
}

function readQuantities(path: string, description: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(description);
  } catch {
    parsed = undefined;
  }
  const quantities = (parsed as { quantities?: unknown } | undefined)?.quantities;
  if (!Array.isArray(quantities) || !quantities.every((name) => typeof name === "string"))
    throw new Error(`${path} is a damaged record spool: it does not say which quantities it holds`);
  return quantities;
}

function readExactly(file: number, offset: number, length: number, size: number): Buffer {
  if (offset + length > size) throw new Error("the record spool is cut off in its description");
  const bytes = Buffer.alloc(length);
  readBytes(file, bytes, offset);
  return bytes;
}

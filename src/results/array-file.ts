import { crc32 } from "node:zlib";
import { closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, readSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { npyHeader } from "../data/npy.ts";
import { readBytes, writeBytes } from "./file-bytes.ts";
import { Replacement } from "./replacement.ts";

/** NaN is written where nothing was, in pieces of at most this many numbers. */
const fillNumbers = 2 ** 18;

/** The bits of the one NaN that is written, and a mask for the sign. */
const oneNaN = 0x7f_c0_00_00;
const infinity = 0x7f_80_00_00;
const unsigned = 0x7f_ff_ff_ff;

export interface ArrayOptions {
  runs: number;
  /** Room for so many records of a run; undefined where there is one item a run. */
  records?: number | undefined;
  /** Give up records that no run has, at the end: where their number cannot be known before. */
  trimmed?: boolean;
  /** Go on with a file that holds so many records of each run. */
  reopened?: ArrayState & { records: Uint32Array };
}

/** What a checkpoint keeps of an array. */
export type ArrayState = {
  /** An item's axes. */
  shape: number[];
  /** The sum of its items' checksums, modulo 2^32. */
  checksum: number;
};

/**
 * An .npy file of float32 that is written while training goes on, each item in its place: `ntk.npy` is
 * [runs, records, N, N], `predictor.npy` [runs, n]. After a run's last record there is NaN. A trimmed file is
 * written beside its place first: what a kill leaves can always be gone on with.
 */
export class ArrayFile {
  readonly #path: string;
  /** Where items are written while they come. */
  readonly #working: string;
  readonly #records: number;
  readonly #trimmed: boolean;
  /** Whether the file has an axis of records. */
  readonly #isHistory: boolean;
  /** How many records of every run have come. */
  readonly #written: Uint32Array;
  /** An item's axes, and its numbers; known when the first one comes. */
  #shape: number[] = [];
  #length = 0;
  #checksum = 0;
  #file: number | undefined;
  #header = 0;

  constructor(path: string, { runs, records, trimmed = false, reopened }: ArrayOptions) {
    this.#path = path;
    this.#trimmed = trimmed && records !== undefined;
    this.#working = this.#trimmed ? workingPath(path) : path;
    this.#isHistory = records !== undefined;
    this.#records = records ?? 1;
    this.#written = new Uint32Array(runs);
    if (!reopened) return;
    if (!existsSync(this.#working))
      throw new Error(`${this.#working} is gone; has another program removed it?`);
    this.#written.set(reopened.records);
    this.#checksum = reopened.checksum;
    this.#file = this.#open(reopened.shape);
  }

  /**
   * Makes sure that a file can be gone on with, and changes nothing: another command may be writing.
   *
   * @throws Error where it is gone, or does not hold what was written
   */
  static check(
    path: string,
    { reopened, ...options }: ArrayOptions & Required<Pick<ArrayOptions, "reopened">>,
  ): void {
    const { shape, records, checksum } = reopened;
    const array = new ArrayFile(path, options);
    const header = array.#shapeAs(shape);
    if (!existsSync(array.#working)) throw new Error(`${array.#working} is gone`);
    const file = openSync(array.#working, "r");
    try {
      const damaged = () => new Error(`${array.#working} is damaged`);
      const head = Buffer.alloc(header.length);
      if (readSync(file, head, 0, head.length, 0) < head.length || !head.equals(header)) throw damaged();
      const item = Buffer.alloc(4 * array.#length);
      let sum = 0;
      records.forEach((count, run) => {
        for (let record = 0; record < count; record += 1) {
          if (readSync(file, item, 0, item.length, array.#place(run, record)) < item.length) throw damaged();
          sum = (sum + array.#checksumOf(item, run, record)) >>> 0;
        }
      });
      if (sum !== checksum) throw damaged();
    } finally {
      closeSync(file);
    }
  }

  /** What a checkpoint needs to know; undefined before the first item. */
  get state(): ArrayState | undefined {
    return this.#file === undefined ? undefined : { shape: this.#shape, checksum: this.#checksum };
  }

  /**
   * Writes a run's item; the records of a run come in order.
   *
   * @param shape the item's axes, those of a vector unless they are given; every item has the same
   */
  write(run: number, record: number, item: Float32Array, shape: readonly number[] = [item.length]): void {
    if (run >= this.#written.length || record >= this.#records || record > this.#written[run])
      throw new Error(`${this.#path} has no place for record ${record} of run ${run}`);
    this.#file ??= this.#open(shape);
    if (item.length !== this.#length)
      throw new Error(`${this.#path} has items of ${this.#length} numbers, and one of ${item.length} came`);
    const numbers = withOneNaN(item);
    writeBytes(this.#file, bytesOf(numbers), this.#place(run, record));
    if (record < this.#written[run]) return;
    this.#checksum = (this.#checksum + this.#checksumOf(bytesOf(numbers), run, record)) >>> 0;
    this.#written[run] = record + 1;
  }

  /** Brings everything so far to the disk. */
  sync(): void {
    if (this.#file !== undefined) fsyncSync(this.#file);
  }

  /** Fills what was not written with NaN, puts a trimmed file into its place, and closes. */
  finish(): void {
    if (this.#file === undefined) return;
    if (this.#trimmed) this.#writeTrimmed(this.#file);
    else this.#fill(this.#file);
    this.close();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #fill(file: number): void {
    this.#written.forEach((count, run) => {
      let position = this.#place(run, count);
      for (const numbers of nothing((this.#records - count) * this.#length)) {
        writeBytes(file, bytesOf(numbers), position);
        position += numbers.byteLength;
      }
    });
  }

  #writeTrimmed(file: number): void {
    const records = this.#written.reduce((most, count) => Math.max(most, count), 0);
    const item = new Uint8Array(4 * this.#length);
    const whole = new Replacement(this.#path);
    try {
      whole.append(this.#headerOf(records));
      this.#written.forEach((count, run) => {
        for (let record = 0; record < count; record += 1) {
          readBytes(file, item, this.#place(run, record));
          whole.append(item);
        }
        for (const numbers of nothing((records - count) * this.#length)) whole.append(bytesOf(numbers));
      });
      whole.finish();
    } catch (error) {
      whole.abandon();
      throw error;
    }
  }

  #open(shape: readonly number[]): number {
    const header = this.#shapeAs(shape);
    mkdirSync(dirname(this.#path), { recursive: true });
    // A file that is there is of training that has been cut off: what no checkpoint knows of will be written again.
    const file = openSync(this.#working, constants.O_RDWR | constants.O_CREAT);
    writeBytes(file, header, 0);
    return file;
  }

  /** Gives the items their axes, and the file its header. */
  #shapeAs(shape: readonly number[]): Uint8Array {
    this.#shape = [...shape];
    this.#length = product(shape);
    const header = this.#headerOf(this.#records);
    this.#header = header.length;
    return header;
  }

  /** Of an item and its place. */
  #checksumOf(bytes: Uint8Array, run: number, record: number): number {
    return crc32(bytes, (run * this.#records + record) >>> 0);
  }

  #headerOf(records: number): Uint8Array {
    const places = this.#isHistory ? [this.#written.length, records] : [this.#written.length];
    return npyHeader([...places, ...this.#shape], "f4");
  }

  #place(run: number, record: number): number {
    return this.#header + (run * this.#records + record) * this.#length * 4;
  }
}

const product = (shape: readonly number[]): number => shape.reduce((numbers, side) => numbers * side, 1);

/** Where an array lies that is trimmed at the end. */
export const workingPath = (path: string): string => `${path}.working`;

/** Removes what a trimmed array was written in. */
export const removeWorking = (path: string): void => rmSync(workingPath(path), { force: true });

/** So many NaN, in pieces: what stands where nothing was recorded. */
export function* nothing(numbers: number): Generator<Float32Array> {
  for (let filled = 0; filled < numbers; filled += fillNumbers)
    yield withOneNaN(new Float32Array(Math.min(fillNumbers, numbers - filled)).fill(NaN));
}

/** A copy whose NaNs are all alike: which NaN arithmetic leaves depends on the compiler. */
function withOneNaN(numbers: Float32Array): Float32Array {
  const copy = numbers.slice();
  const words = new Uint32Array(copy.buffer);
  for (let k = 0; k < words.length; k += 1) if ((words[k] & unsigned) > infinity) words[k] = oneNaN;
  return copy;
}

export const bytesOf = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

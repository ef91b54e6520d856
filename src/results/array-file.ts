import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { npyHeader } from "../data/npy.ts";

/** NaN is written where nothing was, in pieces of at most this many numbers. */
const fillNumbers = 2 ** 18;

/**
 * An .npy file of float32 that is written while training goes on, each item in its place: `ntk.npy` is
 * [runs, records, N, N], `predictor.npy` [runs, n]. After a run's last record there is NaN.
 */
export class ArrayFile {
  readonly #path: string;
  readonly #records: number;
  readonly #rank: 1 | 2;
  /** Whether the file has an axis of records. */
  readonly #isHistory: boolean;
  /** How many records of every run have come. */
  readonly #written: Uint32Array;
  /** Numbers of an item; known when the first one comes. */
  #length = 0;
  #file: number | undefined;
  #header = 0;

  /**
   * @param records room for so many records of a run; undefined where there is one item a run
   * @param rank an item's axes: one (a vector) or two (a square matrix)
   */
  constructor(path: string, runs: number, records: number | undefined, rank: 1 | 2) {
    this.#path = path;
    this.#isHistory = records !== undefined;
    this.#records = records ?? 1;
    this.#rank = rank;
    this.#written = new Uint32Array(runs);
  }

  /** Writes a run's item; the records of a run come in order. */
  write(run: number, record: number, item: Float32Array): void {
    if (run >= this.#written.length || record >= this.#records || record > this.#written[run])
      throw new Error(`${this.#path} has no place for record ${record} of run ${run}`);
    this.#file ??= this.#create(item.length);
    if (item.length !== this.#length)
      throw new Error(`${this.#path} has items of ${this.#length} numbers, and one of ${item.length} came`);
    this.#put(this.#file, this.#place(run, record), item);
    this.#written[run] = Math.max(this.#written[run], record + 1);
  }

  /**
   * Fills what was not written with NaN and closes the file.
   *
   * @param trimmed give up records that no run has: where their number could not be known before
   */
  finish({ trimmed = false } = {}): void {
    if (this.#file === undefined) return;
    const records = trimmed ? this.#written.reduce((most, count) => Math.max(most, count), 0) : this.#records;
    if (records < this.#records) this.#shrink(this.#file, records);
    else this.#fill(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
  }

  #fill(file: number): void {
    this.#written.forEach((count, run) => this.#fillRun(file, this.#place(run, count), this.#records - count));
  }

  #fillRun(file: number, position: number, records: number): void {
    const numbers = records * this.#length;
    for (let filled = 0; filled < numbers; filled += fillNumbers)
      this.#put(file, position + 4 * filled, new Float32Array(Math.min(fillNumbers, numbers - filled)).fill(NaN));
  }

  /** Moves every run's records to where they lie when there are fewer: always towards the start, in order. */
  #shrink(file: number, records: number): void {
    const header = this.#writeHeader(file, records);
    const item = new Float32Array(this.#length);
    const bytes = new Uint8Array(item.buffer);
    this.#written.forEach((count, run) => {
      const start = header + run * records * bytes.length;
      for (let record = 0; record < count; record += 1) {
        readSync(file, bytes, 0, bytes.length, this.#place(run, record));
        this.#put(file, start + record * bytes.length, item);
      }
      this.#fillRun(file, start + count * bytes.length, records - count);
    });
    ftruncateSync(file, header + this.#written.length * records * bytes.length);
  }

  #create(length: number): number {
    this.#length = length;
    mkdirSync(dirname(this.#path), { recursive: true });
    const file = openSync(this.#path, "wx+");
    this.#header = this.#writeHeader(file, this.#records);
    return file;
  }

  /** @returns its length in bytes */
  #writeHeader(file: number, records: number): number {
    const side = this.#rank === 1 ? this.#length : Math.sqrt(this.#length);
    if (!Number.isInteger(side)) throw new Error(`${this.#path}: ${this.#length} numbers are no square matrix`);
    const places = this.#isHistory ? [this.#written.length, records] : [this.#written.length];
    const header = npyHeader([...places, ...Array<number>(this.#rank).fill(side)], "f4");
    writeSync(file, header, 0, header.length, 0);
    return header.length;
  }

  #place(run: number, record: number): number {
    return this.#header + (run * this.#records + record) * this.#length * 4;
  }

  #put(file: number, position: number, numbers: Float32Array): void {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    for (let written = 0; written < bytes.length; )
      written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}

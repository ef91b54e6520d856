import { markMissing } from "../document/missing.ts";
import type { ArrayName } from "../document/types.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import { type Finish, type RawRecord, rawRecord } from "../plan/recorder.ts";
import type { RunProgress } from "./progress.ts";
import type { RecordBlock } from "./sink.ts";

/** One record, encoded: what must be known to read it when it arrives. */
export interface PendingRecord {
  /** Place among the runs' records. */
  record: number;
  /** Updates that a run still training has made. */
  updates: number;
  last: boolean;
  /** The runs in the tables when it was encoded. */
  positions: readonly number[];
  /** Where it lies in the staging buffer, in bytes. */
  offset: number;
}

interface Part {
  buffer: GPUBuffer;
  bytes: number;
  place: number;
}

/** How a record lies in a staging buffer: progress, raw columns, arrays. */
export class RecordLayout {
  readonly #progress: Part;
  readonly #raw?: Part;
  readonly #arrays: [ArrayName, Part][] = [];
  /** Bytes of one record. */
  bytes = 0;

  constructor(readonly plan: CohortPlan) {
    const { members, recorder, progress, arrays } = plan;
    this.#progress = this.#part(progress.buffer, 4 * progress.words * members.length);
    if (recorder.columns > 0) this.#raw = this.#part(recorder.out, 4 * members.length * recorder.columns);
    for (const [name, { buffer, shape }] of arrays) {
      const entries = shape.reduce((size, axis) => size * axis, 1);
      this.#arrays.push([name, this.#part(buffer, 4 * members.length * entries)]);
    }
  }

  #part(buffer: GPUBuffer, bytes: number): Part {
    const part = { buffer, bytes, place: this.bytes };
    this.bytes += Math.ceil(bytes / 16) * 16;
    return part;
  }

  /** Copies the record that has just been measured to `offset` in a staging buffer. */
  copy(encoder: GPUCommandEncoder, staging: GPUBuffer, offset: number): void {
    for (const part of [this.#progress, this.#raw, ...this.#arrays.map(([, part]) => part)])
      if (part) encoder.copyBufferToBuffer(part.buffer, 0, staging, offset + part.place, part.bytes);
  }

  /** The runs' progress when the record was taken, as words. */
  progress(bytes: ArrayBuffer, { offset }: PendingRecord): Uint32Array {
    return new Uint32Array(bytes, offset + this.#progress.place, this.#progress.bytes / 4);
  }

  /**
   * Finishes the rows of these runs in float64. Where descent has diverged weights or outputs are not finite: whatever
   * number has come through (a ReLU of minus infinity is 0) means nothing, and none is kept.
   */
  block(
    bytes: ArrayBuffer,
    pending: PendingRecord,
    rows: readonly number[],
    reached: readonly RunProgress[],
  ): RecordBlock {
    const { members, recorder, finish: finishes, arrays, method } = this.plan;
    const diverged = reached.flatMap(({ status }, row) =>
      status === "diverged" && method.method === "gradient-descent" ? [row] : [],
    );
    const block: RecordBlock = {
      runs: Uint32Array.from(rows, (position) => members[position].run.index),
      record: pending.record,
      epoch: Float64Array.from(reached, ({ epoch }) => epoch),
      time: Float64Array.from(reached, ({ time }) => time),
      quantities: {},
    };
    // Quantities of the CPU's alone leave no columns.
    const raw = this.#raw
      ? new Float32Array(bytes, pending.offset + this.#raw.place, this.#raw.bytes / 4)
      : new Float32Array(0);
    const records = rows.map((position) => rawRecord(raw, recorder.columns, position, members[position]));
    for (const [name, finish] of finishes) {
      const column = columnOf(records, finish);
      for (const row of diverged) if (Number.isFinite(column[row])) column[row] = NaN;
      block.quantities[name] = column;
    }
    const itemsOf = (part: Part) => {
      const all = new Float32Array(bytes, pending.offset + part.place, part.bytes / 4);
      const entries = all.length / members.length;
      const own = new Float32Array(rows.length * entries);
      rows.forEach((position, row) =>
        own.set(all.subarray(position * entries, (position + 1) * entries), row * entries),
      );
      for (const row of diverged) own.fill(NaN, row * entries, (row + 1) * entries);
      return own;
    };
    const { finishedArrays } = this.plan;
    if (this.#arrays.length > 0 || finishedArrays.size > 0) block.arrays = {};
    for (const [name, part] of this.#arrays)
      block.arrays![name] = { shape: arrays.get(name)!.shape, data: itemsOf(part) };
    for (const [name, { shape, finish }] of finishedArrays) {
      const entries = shape.reduce((size, axis) => size * axis, 1);
      const data = new Float32Array(rows.length * entries);
      records.forEach((record, row) => data.set(finish(record), row * entries));
      for (const row of diverged) data.fill(NaN, row * entries, (row + 1) * entries);
      block.arrays![name] = { shape, data };
    }
    return block;
  }
}

/** A quantity of these records; what a run does not have is marked as missing. */
function columnOf(records: readonly RawRecord[], finish: Finish): Float64Array {
  const values = records.map(finish);
  const column = Float64Array.from(values, (value) => value ?? NaN);
  const words = new Uint32Array(column.buffer);
  values.forEach((value, row) => {
    if (value === undefined) markMissing(words, row);
  });
  return column;
}

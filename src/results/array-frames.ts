/** Arrays with a slice for every record: which slice is which record of which run. */

import type { ArrayName } from "../document/types.ts";
import { historyRows, rowOfRecord } from "./run-rows.ts";
import type { DenseArray, Results } from "./types.ts";

/** Those that figures draw, beside tangent kernels: they are kept whole or not at all. */
export const drawnArrays = [
  "neurons",
  "first_layer",
  "outputs",
  "function",
] as const satisfies readonly ArrayName[];

/**
 * An array [runs, records, ...] of which only a part is there.
 *
 * `runs` are the rows of the runs table that its first axis stands for. `records` are the records that its second axis
 * stands for; `lastRecord` stands for each run's last one.
 */
export interface SampledArray extends DenseArray {
  runs?: number[];
  records?: number[];
}

export const lastRecord = -1;

/** One record of a run. */
export interface ArrayFrame {
  /** Row of the history. */
  row: number;
  values: Float32Array;
}

/** What an array has of a run, a row of the runs table, in the order of the records; none where it has none of it. */
export function arrayFrames(results: Results, name: ArrayName, run: number): ArrayFrame[] {
  const array = results.arrays[name] as SampledArray;
  const place = array.runs ? array.runs.indexOf(run) : run;
  const rows = historyRows(results)[run] ?? new Int32Array();
  if (place < 0) return [];
  const [, records, ...axes] = array.shape;
  const entries = axes.reduce((size, axis) => size * axis, 1);
  const frames: ArrayFrame[] = [];
  for (let slice = 0; slice < records; slice++) {
    const record = array.records?.[slice] ?? slice;
    const row = record === lastRecord ? rows.at(-1) : rowOfRecord(results, run, record);
    if (row === undefined || frames.at(-1)?.row === row) continue;
    const start = (place * records + slice) * entries;
    frames.push({ row, values: array.data.subarray(start, start + entries) });
  }
  return frames;
}

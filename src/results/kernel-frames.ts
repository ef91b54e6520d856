/** Tangent kernels over training: which slice of the array is which record of which run. */

import type { DenseArray, Results } from "./types.ts";
import { historyRows, rowOfRecord } from "./run-rows.ts";

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

/** A run's kernel at one record. */
export interface KernelFrame {
  /** Row of the history. */
  row: number;
  /** K, row by row. */
  kernel: Float32Array;
}

/** Rows of the runs table that the array holds kernels of. */
export const kernelRuns = ({ arrays: { ntk } }: Results): number[] =>
  (ntk as SampledArray).runs ?? [...Array(ntk!.shape[0]).keys()];

/** Samples N, the kernel's side. */
export const kernelSize = ({ arrays: { ntk } }: Results): number => ntk!.shape[2];

/** Most records that a run has a kernel of. */
export const kernelRecords = (results: Results): number => {
  const ntk = results.arrays.ntk as SampledArray;
  const recorded = historyRows(results).reduce((most, rows) => Math.max(most, rows.length), 0);
  return ntk.records?.length ?? Math.min(recorded, ntk.shape[1]);
};

/** The kernels of the `place`-th of `kernelRuns`, in the order of the records. */
export function kernelFrames(results: Results, place: number): KernelFrame[] {
  const ntk = results.arrays.ntk as SampledArray;
  const run = kernelRuns(results)[place];
  const rows = historyRows(results)[run] ?? new Int32Array();
  const [, records, size] = ntk.shape;
  const entries = size * size;
  const frames: KernelFrame[] = [];
  for (let slice = 0; slice < records; slice++) {
    const record = ntk.records?.[slice] ?? slice;
    const row = record === lastRecord ? rows.at(-1) : rowOfRecord(results, run, record);
    if (row === undefined || frames.at(-1)?.row === row) continue;
    const start = (place * records + slice) * entries;
    frames.push({ row, kernel: ntk.data.subarray(start, start + entries) });
  }
  return frames;
}

/** Tangent kernels over training: which slice of the array is which record of which run. */

import type { DenseArray, Results } from "./types.ts";
import { historyRows, lastRecordOf, rowOfRecord } from "./run-rows.ts";

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

/** Rows of the runs table that there are kernels of. */
export const kernelRuns = (results: Results): number[] => {
  const ntk = results.arrays.ntk as SampledArray;
  if (ntk.shape[1] === 0) return [];
  const runs = ntk.runs ?? [...Array(ntk.shape[0]).keys()];
  return runs.filter((run) => lastRecordOf(results, run) !== undefined);
};

/** Samples N, the kernel's side. */
export const kernelSize = ({ arrays: { ntk } }: Results): number => ntk!.shape[2];

/** Most records that a run has a kernel of. */
export function kernelRecords(results: Results): number {
  const { shape, records } = results.arrays.ntk as SampledArray;
  const runs = kernelRuns(results);
  const most = (of: (run: number) => number) => runs.reduce((largest, run) => Math.max(largest, of(run)), 0);
  if (!records)
    return Math.min(
      most((run) => historyRows(results)[run].length),
      shape[1],
    );
  const last = most((run) => lastRecordOf(results, run)!);
  return records.filter((record) => record !== lastRecord && record < last).length + 1;
}

/** The kernels of a run, a row of the runs table, in the order of the records; none where the array has none of it. */
export function kernelFrames(results: Results, run: number): KernelFrame[] {
  const ntk = results.arrays.ntk as SampledArray;
  const place = ntk.runs ? ntk.runs.indexOf(run) : run;
  const rows = historyRows(results)[run] ?? new Int32Array();
  if (place < 0) return [];
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

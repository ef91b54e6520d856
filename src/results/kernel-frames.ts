/** Tangent kernels over training: which slice of the array is which record of which run. */

import { arrayFrames, lastRecord, type SampledArray } from "./array-frames.ts";
import { historyRows, lastRecordOf } from "./run-rows.ts";
import type { Results } from "./types.ts";

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
  return arrayFrames(results, "ntk", run).map(({ row, values }) => ({ row, kernel: values }));
}

/**
 * As much of results as fits: of every run each step-th record and the last, and kernels of some runs. Steps are powers
 * of two, so that a sample of a sample holds what both would.
 */

import { evenly } from "./evenly.ts";
import { lastRecord, type SampledArray } from "./kernel-frames.ts";
import { historyRows, lastRecordOf, recordAt } from "./run-rows.ts";
import type { Column } from "./table.ts";
import type { Results } from "./types.ts";

/**
 * The step at which few enough records are left; the first and the last of every run always are.
 *
 * @param lasts number of each run's last record, counted from 0
 * @param most rows that may be left
 * @param first step of what is there, if that is a sample itself
 */
export function stepWithin(lasts: readonly number[], most: number, first = 1): number {
  const left = (step: number) => lasts.reduce((rows, last) => rows + Math.ceil(last / step) + 1, 0);
  let step = first;
  while (left(step) > most && left(2 * step) < left(step)) step *= 2;
  return step;
}

/** @param bytes that the history may take, where a first and a last record of every run fit */
export function sampleHistory(results: Results, bytes: number): Pick<Results, "history" | "thinned"> {
  const { history, thinned } = results;
  const lasts = historyRows(results).flatMap((_, run) => lastRecordOf(results, run) ?? []);
  const width = 8 * Object.keys(history.columns).length;
  const step = stepWithin(lasts, bytes / width, thinned?.step);
  if (step === (thinned?.step ?? 1)) return { history, ...(thinned && { thinned }) };
  const kept: number[] = [];
  const records: number[] = [];
  for (const rows of historyRows(results))
    rows.forEach((row, place) => {
      const record = recordAt(results, row, place);
      if (record % step !== 0 && place < rows.length - 1) return;
      kept.push(row);
      records.push(record);
    });
  const columns = Object.fromEntries(
    Object.entries(history.columns).map(([name, column]) => [name, pick(column, kept)]),
  );
  return { history: { rows: kept.length, columns }, thinned: { step, records: Int32Array.from(records) } };
}

const pick = (column: Column, rows: number[]): Column =>
  column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row])
    : column instanceof Int32Array
      ? Int32Array.from(rows, (row) => column[row])
      : rows.map((row) => column[row]);

/** Kernels of a run that are still an animation. */
const fewestFrames = 24;

/**
 * Kernels [runs, records, N, N] that fit: fewer records first, as long as they are an animation, then fewer runs.
 *
 * @param results whose history the kernels go with
 * @param array that the kernels are of: its shape, and its runs and records where it is a sample itself
 * @param bytes that they may take
 * @param read puts a slice of the array, counted over runs and records, into its place
 * @returns undefined where not even two fit
 */
export function sampleKernels(
  results: Results,
  { shape, ...known }: Omit<SampledArray, "data">,
  bytes: number,
  read: (slice: number, into: Float32Array) => void,
): SampledArray | undefined {
  const [runs, slices, ...sides] = shape;
  const entries = sides.reduce((product, side) => product * side, 1);
  const affordable = Math.floor(bytes / (4 * entries));
  if (affordable < 2) return undefined;
  const ofRuns = known.runs ?? [...Array(runs).keys()];
  const lasts = ofRuns.map((run) => lastRecordOf(results, run) ?? -1);
  // Of an interrupted sweep not every run has a kernel.
  const places = [...lasts.keys()].filter((place) => lasts[place] >= 0);
  const recorded = lasts.reduce((most, last) => Math.max(most, last + 1), 0);
  const numbers = known.records ?? [...Array(Math.min(slices, recorded)).keys()];
  const every = (step: number) => numbers.filter((record) => record !== lastRecord && record % step === 0);
  let step = results.thinned?.step ?? 1;
  while (places.length * (every(step).length + 1) > affordable && every(2 * step).length + 1 >= fewestFrames)
    step *= 2;
  while (every(step).length + 1 > affordable) step *= 2;
  const records = [...every(step), lastRecord];
  const kept = evenly(places, Math.max(1, Math.floor(affordable / records.length)));
  const sliceOf = new Map(numbers.map((record, slice) => [record, slice]));
  const data = new Float32Array(kept.length * records.length * entries).fill(NaN);
  kept.forEach((place, k) => {
    records.forEach((record, r) => {
      const slice = sliceOf.get(record) ?? sliceOf.get(lasts[place]);
      if (record > lasts[place] || slice === undefined) return;
      const start = (k * records.length + r) * entries;
      read(place * slices + slice, data.subarray(start, start + entries));
    });
  });
  return {
    shape: [kept.length, records.length, ...sides],
    data,
    runs: kept.map((place) => ofRuns[place]),
    records,
  };
}

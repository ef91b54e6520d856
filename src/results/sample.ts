/**
 * As much of results as fits: of every run each step-th record and the last, and kernels of some runs. Steps are powers
 * of two, so that a sample of a sample holds what both would.
 */

import { evenly } from "./evenly.ts";
import { lastRecord, type SampledArray } from "./kernel-frames.ts";
import { historyRows, lastRecordOf, recordAt } from "./run-rows.ts";
import type { Column } from "./table.ts";
import type { Results } from "./types.ts";

/** The smallest power of two by which `count` must be divided to be at most `most`. */
export function stepWithin(count: number, most: number): number {
  let step = 1;
  while (count > step * most) step *= 2;
  return step;
}

/** @param bytes that the history may take, about: a run's last record is always there */
export function sampleHistory(results: Results, bytes: number): Pick<Results, "history" | "thinned"> {
  const { history, thinned } = results;
  const step = stepWithin(8 * history.rows * Object.keys(history.columns).length, bytes);
  if (step === 1) return { history, ...(thinned && { thinned }) };
  const total = step * (thinned?.step ?? 1);
  const kept: number[] = [];
  const records: number[] = [];
  historyRows(results).forEach((rows) => {
    rows.forEach((row, place) => {
      const record = recordAt(results, row, place);
      if (record % total !== 0 && place < rows.length - 1) return;
      kept.push(row);
      records.push(record);
    });
  });
  const columns = Object.fromEntries(
    Object.entries(history.columns).map(([name, column]) => [name, pick(column, kept)]),
  );
  return { history: { rows: kept.length, columns }, thinned: { step: total, records: Int32Array.from(records) } };
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
  const rowsOfRuns = [...Array(runs).keys()].map((place) => known.runs?.[place] ?? place);
  const lasts = rowsOfRuns.map((run) => lastRecordOf(results, run) ?? -1);
  const recorded = lasts.reduce((most, last) => Math.max(most, last + 1), 0);
  const numbers = known.records ?? [...Array(Math.min(slices, recorded)).keys()];
  const every = (step: number) => numbers.filter((record) => record !== lastRecord && record % step === 0);
  let step = results.thinned?.step ?? 1;
  while (runs * (every(step).length + 1) > affordable && every(2 * step).length + 1 >= fewestFrames) step *= 2;
  while (every(step).length + 1 > affordable) step *= 2;
  const records = [...every(step), lastRecord];
  const places = evenly([...Array(runs).keys()], Math.max(1, Math.floor(affordable / records.length)));
  const sliceOf = new Map(numbers.map((record, slice) => [record, slice]));
  const data = new Float32Array(places.length * records.length * entries).fill(NaN);
  places.forEach((place, p) => {
    if (lasts[place] < 0) return;
    records.forEach((record, r) => {
      const slice = sliceOf.get(record) ?? sliceOf.get(lasts[place]);
      if (record > lasts[place] || slice === undefined) return;
      const start = (p * records.length + r) * entries;
      read(place * slices + slice, data.subarray(start, start + entries));
    });
  });
  return {
    shape: [places.length, records.length, ...sides],
    data,
    runs: places.map((place) => rowsOfRuns[place]),
    records,
  };
}

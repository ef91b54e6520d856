/**
 * As much of results as fits: of each run every step-th record and the last, as long as they are a curve, else of fewer runs;
 * and kernels likewise. Steps are powers of two, so that a sample of a sample holds what both would.
 */

import { evenly } from "./evenly.ts";
import { lastRecord, type SampledArray } from "./array-frames.ts";
import { historyRows, lastRecordOf, recordAt } from "./run-rows.ts";
import type { Column } from "../document/table.ts";
import type { Results } from "./types.ts";

/** Records of a run that are still a curve, and kernels that are still an animation. */
const fewestRecords = 24;

/**
 * Which records are left of runs: fewer of each first, then of fewer runs.
 *
 * @param lasts number of each run's last record, counted from 0
 * @param most records that may be left, where one run's fit
 * @param first step of what is there, if that is a sample itself
 * @returns every how many-th record, besides the last; and places of the runs
 */
export function chooseRecords(
  lasts: readonly number[],
  most: number,
  first = 1,
): { step: number; places: readonly number[] } {
  const left = (last: number, step: number) => Math.ceil(last / step) + 1;
  const leftOfAll = (step: number) => lasts.reduce((rows, last) => rows + left(last, step), 0);
  const longest = lasts.reduce((most, last) => Math.max(most, last), 0);
  let step = first;
  while (leftOfAll(step) > most && left(longest, 2 * step) >= fewestRecords) step *= 2;
  const places = [...lasts.keys()];
  const rows = leftOfAll(step);
  return {
    step,
    places: rows <= most ? places : evenly(places, Math.max(1, Math.floor((most / rows) * places.length))),
  };
}

/** @param bytes that the history may take, where one run's fits */
export function sampleHistory(results: Results, bytes: number): Pick<Results, "history" | "thinned"> {
  const { history, thinned } = results;
  const runs = [...historyRows(results).keys()].filter((run) => lastRecordOf(results, run) !== undefined);
  const lasts = runs.map((run) => lastRecordOf(results, run)!);
  const width = 8 * Object.keys(history.columns).length;
  const { step, places } = chooseRecords(lasts, bytes / width, thinned?.step);
  if (step === (thinned?.step ?? 1) && places.length === runs.length)
    return { history, ...(thinned && { thinned }) };
  const kept: number[] = [];
  const records: number[] = [];
  for (const rows of places.map((place) => historyRows(results)[runs[place]]))
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
  while (places.length * (every(step).length + 1) > affordable && every(2 * step).length + 1 >= fewestRecords)
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

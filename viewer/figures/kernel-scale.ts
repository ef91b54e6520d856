/** Colours of tangent kernels: one scale for all runs, in which a change of 9300% does not look like one of .009%. */

import { evenly } from "../../src/results/evenly.ts";
import { type KernelFrame, kernelFrames, kernelRuns, kernelSize } from "../../src/results/kernel-frames.ts";
import type { DenseArray, Results } from "../../src/results/types.ts";
import { pixel } from "./crowd.ts";
import { formatNumber } from "./format.ts";
import { hasDiverged, numberAt } from "./runs.ts";
import type { Theme } from "./theme.ts";

/** Signed entries as colours: linear near zero, logarithmic beyond. */
export interface KernelScale {
  /** Place of an entry, 0 to 1; zero is in the middle. */
  place: (entry: number) => number;
  colour: (place: number) => string;
  labels: { at: number; label: string }[];
}

/** Entries smaller than this share of K(0)'s are linear, and pale: they are no change to speak of. */
export const linearBelow = 0.01;

/**
 * @param most the largest size of an entry
 * @param below what is linear
 */
export function kernelScale(most: number, theme: Theme, below = linearBelow): KernelScale {
  const linear = Math.min(below, most);
  const signed = (entry: number) =>
    most > 0 ? (Math.sign(entry) * Math.log1p(Math.abs(entry) / linear)) / Math.log1p(most / linear) : 0;
  const place = (entry: number) => (signed(entry) + 1) / 2;
  // 1 is an entry as large as those of K(0): where there is room for it between zero and the ends.
  const marked = signed(1) < 0.8 && signed(1) > 0.25 ? [1, most] : most > 0 ? [most] : [];
  return {
    place,
    colour: (at) => theme.diverging(2 * at - 1),
    labels: [...marked.map((entry) => -entry).reverse(), 0, ...marked].map((entry) => ({
      at: place(entry),
      label: formatNumber(entry, 2),
    })),
  };
}

/** The unit of a run's entries: their root mean square at the start, so that the change's is the relative drift. */
export function kernelUnit({ kernel }: KernelFrame): number {
  let sum = 0;
  let count = 0;
  for (const entry of kernel) {
    if (!Number.isFinite(entry)) continue;
    sum += entry * entry;
    count++;
  }
  return sum > 0 ? Math.sqrt(sum / count) : 1;
}

/** Largest size of an entry of some kernels, in a unit. */
export function largestEntry(kernels: readonly Float32Array[], unit: number): number {
  let largest = 0;
  for (const kernel of kernels)
    for (const entry of kernel) {
      const size = Math.abs(entry);
      if (size > largest && size < Infinity) largest = size;
    }
  return largest / unit;
}

/** Entries that are looked at for a scale, about, and most runs. */
const mostEntries = 2e7;
const mostRuns = 200;
const mostFrames = 32;

/** The scale's end is the same for every run and record: an animation asks a hundred times. */
const known = new WeakMap<DenseArray, { rows: number; largest: number }>();

/** Largest size of an entry over all runs and records, each run's in its own unit. */
export function largestOfAll(results: Results): number {
  const array = results.arrays.ntk!;
  const before = known.get(array);
  if (before?.rows === results.history.rows) return before.largest;
  const all = kernelRuns(results);
  const steady = all.filter((run) => !hasDiverged(results, run));
  const runs = evenly(steady.length > 0 ? steady : all, mostRuns);
  const affordable = Math.floor(mostEntries / (runs.length * kernelSize(results) ** 2));
  let largest = 0;
  for (const run of runs) {
    const frames = kernelFrames(results, run);
    const looked = evenly(frames, Math.max(2, Math.min(mostFrames, affordable)));
    const kernels = looked.map(({ kernel }) => kernel);
    largest = Math.max(largest, largestEntry(kernels, kernelUnit(frames[0])));
  }
  known.set(array, { rows: results.history.rows, largest });
  return largest;
}

/** How much of a kernel is new, as a number: the recorded quantity, exact where entries are too rounded to tell. */
export function relativeChange(results: Results, first: KernelFrame, now: KernelFrame): number {
  const recorded = results.history.columns.ntk_drift;
  const drift = recorded === undefined ? NaN : numberAt(recorded, now.row);
  if (Number.isFinite(drift)) return drift;
  let sum = 0;
  let count = 0;
  now.kernel.forEach((entry, k) => {
    const change = entry - first.kernel[k];
    if (!Number.isFinite(change)) return;
    sum += change * change;
    count++;
  });
  return Math.sqrt(sum / count) / kernelUnit(first);
}

/** "9,300%", "0.0092%". */
export const formatChange = (change: number): string => `${formatNumber(100 * change, 3)}%`;

/** More positions than this are no slider. */
const mostEpochs = 150;
const runsForEpochs = 20;

/** Epochs of kernels that a slider goes through, spaced in their logarithm: training is fast first and slow then. */
export function kernelEpochs(results: Results): number[] {
  const { epoch } = results.history.columns;
  const runs = evenly(kernelRuns(results), runsForEpochs);
  const all = new Set(
    runs.flatMap((run) => kernelFrames(results, run).map(({ row }) => numberAt(epoch, row))),
  );
  const epochs = [...all].sort((a, b) => a - b);
  if (epochs.length <= mostEpochs) return epochs;
  const domain: [number, number] = [0, epochs.at(-1)!];
  const axis = { type: "symlog" as const, domain, pixels: mostEpochs, constant: epochs.find((at) => at > 0) };
  return epochs.filter(
    (at, k) => k === 0 || k === epochs.length - 1 || pixel(at, axis) !== pixel(epochs[k - 1], axis),
  );
}

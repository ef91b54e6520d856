/** The curves that small live figures draw: a few runs of a sweep, each quantity over its epochs. */

import type { Results } from "../../src/results/types.ts";
import { evenly } from "../../src/results/evenly.ts";
import { leadingPath, historyRows, hasDiverged, numberAt } from "../figures/runs.ts";

/** A small figure holds no more lines. */
const mostCurves = 7;

export interface Curve {
  /** Row of the runs table. */
  row: number;
  /** As the runs table numbers it. */
  run: number;
  /** What the runs differ in; undefined where that is nothing, or no number. */
  value: number | undefined;
  epochs: Float64Array;
  values: Record<string, Float64Array>;
  diverged: boolean;
}

/** One run of every value of the leading path, evenly chosen where there are many, the smallest value first. */
export function curvesOf(results: Results, quantities: readonly string[]): Curve[] {
  const path = leadingPath(results);
  const swept = path === undefined ? undefined : results.runs.columns[path];
  const seen = new Set<unknown>();
  const rows = [...Array(results.runs.rows).keys()].filter((row) => {
    const value = swept?.[row];
    const isNew = !seen.has(value);
    seen.add(value);
    return isNew;
  });
  if (swept) rows.sort((a, b) => Number(swept[a]) - Number(swept[b]));
  const records = historyRows(results);
  // Until the shaders of kernels are compiled, the first records have no kernels.
  const column = (name: string) => results.history.columns[name] as ArrayLike<number> | undefined;
  return evenly(rows, mostCurves).map((row) => {
    const take = (name: string) => Float64Array.from(records[row], (record) => column(name)?.[record] ?? NaN);
    return {
      row,
      run: numberAt(results.runs.columns.run, row),
      value: typeof swept?.[row] === "number" ? swept[row] : undefined,
      epochs: take("epoch"),
      values: Object.fromEntries(quantities.map((name) => [name, take(name)])),
      diverged: hasDiverged(results, row),
    };
  });
}

/** Of an axis of epochs: where it begins, and where it ends. */
export type Span = readonly [first: number, last: number];

/** How many records of a curve there are up to an epoch. */
export function recordsUntil({ epochs }: Curve, epoch: number): number {
  let count = 0;
  while (count < epochs.length && epochs[count] <= epoch) count++;
  return count;
}

/** Last values of quantities against alpha, as series that can have a law: runs that differ in nothing but alpha and their seeds. */

import { type LocalSlope, localSlopes } from "../../src/results/power-law.ts";
import { otherPaths, trialOf } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { LeftOut } from "./extent.ts";
import { hasDiverged, numberAt } from "./runs.ts";
import { valueLabel } from "./trial-labels.ts";

/** The swept path of the horizontal axis. */
export const alphaPath = "init.alpha";
/** A run’s last value of a quantity. */
export interface Point {
  row: number;
  x: number;
  y: number;
  trial: string;
  series: number;
}

/** A quantity of runs that differ in nothing but alpha and their seeds: what can have a law. */
export interface Series {
  quantity: string;
  label: string;
  /** Its place among the series. */
  index: number;
  points: Point[];
  slopes: LocalSlope[];
}

/** Distinct values of alpha, increasing. */
export const alphas = (results: Results): number[] =>
  [...new Set(results.runs.columns[alphaPath] as Iterable<number>)].sort((a, b) => a - b);

/** The points that have a place on log-log axes, a series for each quantity and setting. */
export function gather(
  results: Results,
  quantities: string[],
): { series: Series[]; diverged: number; leftOut: LeftOut } {
  const { columns, rows } = results.runs;
  const alpha = columns[alphaPath];
  const others = otherPaths(results, alphaPath);
  const leftOut = new LeftOut();
  const series = new Map<string, Series>();
  let diverged = 0;
  for (let row = 0; row < rows; row++) {
    if (hasDiverged(results, row)) {
      diverged++;
      continue;
    }
    const x = numberAt(alpha, row);
    for (const quantity of quantities) {
      const y = numberAt(columns[quantity], row);
      const key = JSON.stringify([quantity, ...others.map((path) => columns[path][row])]);
      const label = others.map((path) => valueLabel(path, columns[path][row])).join(", ");
      const own = series.get(key) ?? { quantity, label, index: series.size, points: [], slopes: [] };
      series.set(key, own);
      if (leftOut.admits(x, y, "log", "log"))
        own.points.push({ row, x, y, trial: trialOf(results, row), series: own.index });
    }
  }
  for (const own of series.values()) own.slopes = localSlopes(own.points);
  return { series: [...series.values()], diverged, leftOut };
}

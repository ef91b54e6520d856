import { fitPowerLaw } from "../src/results/power-law.ts";
import { type RecordedRun, recordedRuns, type ReproducedResults } from "./evidence.ts";

/** The exponent of a number's power law in alpha over the runs between two scales. */
export function slopeInAlpha(
  results: ReproducedResults,
  value: (run: RecordedRun) => number,
  [from, to]: readonly [number, number] = [0, Infinity],
): number {
  const points = recordedRuns(results)
    .map((run) => ({ x: run.last("init.alpha"), y: value(run) }))
    .filter(({ x }) => from <= x && x <= to);
  return fitPowerLaw(points)?.slope ?? NaN;
}

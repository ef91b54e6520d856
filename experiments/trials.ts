/** Trials of one setting: runs of a document that differ in their seeds alone. */

import type { Json } from "../src/document/types.ts";
import { type Estimate, estimate } from "../src/results/estimate.ts";
import { type RecordedRun, recordedRuns, type ReproducedResults } from "./evidence.ts";

/**
 * The runs of a setting, in the sweep's order.
 *
 * @param swept values by path, as the runs table has them; paths that are left out may have any
 */
export const trialsAt = (results: ReproducedResults, swept: Readonly<Record<string, Json>>): RecordedRun[] =>
  recordedRuns(results).filter(({ row }) =>
    Object.entries(swept).every(([path, value]) => results.runs.columns[path]?.[row] === value),
  );

/** A number's mean over the trials of a setting, and how well it is known. */
export const meanAt = (
  results: ReproducedResults,
  swept: Readonly<Record<string, Json>>,
  value: (run: RecordedRun) => number,
): Estimate => estimate(trialsAt(results, swept).map(value));

/** The same for the logarithm of a positive number; its mean is brought back. */
export function geometricMeanAt(
  results: ReproducedResults,
  swept: Readonly<Record<string, Json>>,
  value: (run: RecordedRun) => number,
): number {
  return Math.exp(meanAt(results, swept, (run) => Math.log(value(run))).mean);
}

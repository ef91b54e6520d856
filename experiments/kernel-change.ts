/** How the entries of a tangent kernel change while it trains. */

import type { RecordedRun } from "./evidence.ts";

/** The smallest and the largest entry of K(end) - K(0). */
export function changeExtremes(run: RecordedRun): { lowest: number; highest: number } {
  const { first, last } = run.kernels;
  let [lowest, highest] = [Infinity, -Infinity];
  first.forEach((value, k) => {
    lowest = Math.min(lowest, last[k] - value);
    highest = Math.max(highest, last[k] - value);
  });
  return { lowest, highest };
}

/** The size of the entry that changes most, over the size of K(0)'s largest. */
export function largestRelativeChange(run: RecordedRun): number {
  const { lowest, highest } = changeExtremes(run);
  const largest = run.kernels.first.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  return Math.max(-lowest, highest) / largest;
}

/** The smallest change that a heat map of 256 colours can show, relative to its largest value. */
export const visibleChange = 1 / 256;

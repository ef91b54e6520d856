import type { Results } from "../../src/results/types.ts";
import { formatNumber } from "./format.ts";

/** How certain the least nuclear norms are that results are compared with: a note, where they say. */
export function certainty({ manifest: { minimumNuclear = [] } }: Results): string[] {
  if (minimumNuclear.length === 0) return [];
  const gap = Math.max(...minimumNuclear.map((own) => own.gap));
  return [`Least nuclear norms are proved to ${formatNumber(gap, 2)} of themselves.`];
}

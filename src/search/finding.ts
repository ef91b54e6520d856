/** What a search has found. */

/**
 * `found`: between the ends of the bracket. `below the range`: the lowest value passes already. `not reached`: up to the highest
 * value nothing passes, or, of a factor, everything is within it. `not finite`: no value has a finite mean. `unfinished`: it was
 * stopped on the way.
 */
export type SearchStatus = "found" | "below the range" | "not reached" | "not finite" | "unfinished";

export interface Finding {
  status: SearchStatus;
  /** Where the mean crosses the threshold, from all probes near it; NaN where it was not found. */
  value: number;
  /** Where 95% of the values lie that resampled trials give. */
  interval: [low: number, high: number];
  /** The probed values on both sides. */
  bracket: [low: number, high: number];
  /** What means are compared with: as the document gives it, or the factor times the best. */
  threshold: number;
  /** The values that resampled trials give; empty where nothing was found. */
  replicates: readonly number[];
}

const nothing: [number, number] = [NaN, NaN];

export const notFound = (status: SearchStatus, threshold: number): Finding => ({
  status,
  value: NaN,
  interval: nothing,
  bracket: nothing,
  threshold,
  replicates: [],
});

/** 95% of the values lie between its ends. */
export function intervalOf(replicates: readonly number[]): [number, number] {
  const sorted = [...replicates].sort((a, b) => a - b);
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** Between the sorted values on both sides. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

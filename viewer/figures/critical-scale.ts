/** The critical scale: the largest initialization that generalizes about as well as the best one. */

/** A run at one scale. */
export interface Scaled {
  alpha: number;
  /** Test error, positive. */
  error: number;
}

/**
 * The largest alpha whose error is within a factor of the best over all of them; between two runs, on a straight line in
 * both logarithms.
 *
 * @param factor above 1
 * @returns NaN without runs; the largest alpha there is where even that one passes
 */
export function criticalScale(runs: readonly Scaled[], factor: number): number {
  const ordered = runs.filter(({ error }) => error > 0).sort((a, b) => a.alpha - b.alpha);
  const bound = factor * Math.min(...ordered.map(({ error }) => error));
  const last = ordered.findLastIndex(({ error }) => error <= bound);
  if (last < 0) return NaN;
  const [below, above] = [ordered[last], ordered.at(last + 1)];
  if (!above) return below.alpha;
  const share = Math.log(bound / below.error) / Math.log(above.error / below.error);
  return below.alpha * (above.alpha / below.alpha) ** share;
}

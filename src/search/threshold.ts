/**
 * The smallest value whose mean passes a threshold, where the mean is monotone in the value but known only with noise.
 *
 * From the lower end the value doubles until a probe passes; then the bracket is halved in the logarithm until its ends are
 * close. Which of two close values passes is chance, so the bracket alone says less than it seems to. All probes near it, each
 * with trials of its own, tell more: a parabola in the logarithm of the value, nearest to their means, crosses the threshold at
 * the value that is found, and resampling every probe's trials gives its interval.
 */

import type { ThresholdSearch } from "../document/types.ts";
import { resampledMeans } from "./bootstrap.ts";
import { fitParabola, risingRoot } from "./curve.ts";
import { type Finding, intervalOf, notFound } from "./finding.ts";
import { inOrder, meanOf, type Probe } from "./probe.ts";

const doubling = 2;

/** The parabola is fitted to probes no farther than this factor from the middle of the bracket: so far it describes any curve. */
const reach = doubling;

/** Room for rounding in the ratio of two ends. */
const rounding = 1e-12;

export const thresholdOf = (search: ThresholdSearch): number =>
  "atLeast" in search ? search.atLeast : search.atMost;

/** A mean that is not finite passes nothing. */
const passes = (search: ThresholdSearch, mean: number): boolean =>
  "atLeast" in search ? mean >= search.atLeast : mean <= search.atMost;

interface Bracket {
  /** The highest value that fails, the lowest that passes; undefined where there is none. */
  failing: number | undefined;
  passing: number | undefined;
}

function bracketOf(search: ThresholdSearch, probes: readonly Probe[]): Bracket {
  const bracket: Bracket = { failing: undefined, passing: undefined };
  for (const { value, trials } of probes) {
    if (!passes(search, meanOf(trials))) bracket.failing = Math.max(value, bracket.failing ?? value);
    else bracket.passing = Math.min(value, bracket.passing ?? value);
  }
  return bracket;
}

/**
 * The value to probe next, undefined when the search is over.
 *
 * @param isWhole the value is a whole number
 * @param probes those that there are, in any order
 */
export function nextValue(
  search: ThresholdSearch,
  isWhole: boolean,
  probes: readonly Probe[],
): number | undefined {
  const [lowest, highest] = search.between;
  const { failing, passing } = bracketOf(search, probes);
  if (failing === undefined) return passing === undefined ? lowest : undefined;
  if (passing === undefined) return failing < highest ? Math.min(doubling * failing, highest) : undefined;
  if (isClose(search, isWhole, failing, passing)) return undefined;
  const middle = middleOf(failing, passing);
  return isWhole ? Math.min(Math.max(Math.round(middle), failing + 1), passing - 1) : middle;
}

const isClose = ({ ratio }: ThresholdSearch, isWhole: boolean, low: number, high: number): boolean =>
  high <= low * ratio * (1 + rounding) || (isWhole && high - low <= 1);

/** Where the search stands. */
export function findThreshold(search: ThresholdSearch, probes: readonly Probe[], seed: number): Finding {
  const threshold = thresholdOf(search);
  const isWhole = probes.every(({ value }) => Number.isInteger(value));
  const { failing, passing } = bracketOf(search, probes);
  if (nextValue(search, isWhole, probes) !== undefined) return notFound("unfinished", threshold);
  if (failing === undefined) return notFound("below the range", threshold);
  if (passing === undefined) return notFound("not reached", threshold);
  const middle = middleOf(failing, passing);
  // A probe without a finite mean has failed, and says no more.
  const near = inOrder(probes).filter(
    ({ value, trials }) =>
      Math.abs(Math.log(value / middle)) <= Math.log(reach) && Number.isFinite(meanOf(trials)),
  );
  if (near.length < 2)
    return { ...notFound("found", threshold), value: passing, bracket: [failing, passing] };
  const crossing = (means: readonly number[]): number => crossingOf(search, near, means, middle);
  const replicates = resampledMeans(
    near.map(({ trials }) => trials),
    false,
    seed,
  ).map(crossing);
  return {
    status: "found",
    value: crossing(near.map(({ trials }) => meanOf(trials))),
    interval: intervalOf(replicates),
    bracket: [failing, passing],
    threshold,
    replicates,
  };
}

const middleOf = (low: number, high: number): number => Math.sqrt(low) * Math.sqrt(high);

/** Where the parabola nearest to the means passes the threshold. */
function crossingOf(
  search: ThresholdSearch,
  probes: readonly Probe[],
  means: readonly number[],
  middle: number,
): number {
  const sign = "atLeast" in search ? 1 : -1;
  const curve = fitParabola(
    probes.map(({ value }) => Math.log(value / middle)),
    means.map((mean) => sign * (mean - thresholdOf(search))),
    probes.map(({ trials }) => trials.length),
  );
  return middle * Math.exp(risingRoot(curve, -Math.log(reach), Math.log(reach)));
}

/**
 * The largest value of a grid whose mean is within a factor of the best: where a network still generalizes as well as it can.
 *
 * Trial k has the same seeds at every value, so means are compared on the same data, and resampling draws whole trials. Between
 * the last value within the factor and the next one the mean is interpolated (in the logarithm of positive values).
 */

import type { FactorSearch } from "../document/types.ts";
import { resampledMeans } from "./bootstrap.ts";
import { type Finding, intervalOf, notFound } from "./finding.ts";
import { inOrder, meanOf, type Probe } from "./probe.ts";

/** What is to be small: an accuracy is measured by its error. */
export const costOf = ({ quantity }: FactorSearch, mean: number): number =>
  quantity.endsWith("_accuracy") ? 1 - mean : mean;

/** Where the search stands, once every value of the grid is probed. */
export function findFactor(search: FactorSearch, probes: readonly Probe[], seed: number): Finding {
  const ordered = inOrder(probes);
  const means = ordered.map(({ trials }) => meanOf(trials));
  const threshold = costOf(search, limitOf(search, means));
  const found = leavingOf(search, ordered, means);
  if (found === undefined) return notFound("not finite", NaN);
  if (found.last === ordered.length - 1) return notFound("not reached", threshold);
  // Where one trial is not finite, no resampling makes the mean finite.
  const samples = ordered.map(({ trials }, k) =>
    Number.isFinite(means[k]) ? trials : trials.map(() => NaN),
  );
  const replicates = resampledMeans(samples, true, seed).map(
    (resampled) => leavingOf(search, ordered, resampled)!.value,
  );
  return {
    status: "found",
    value: found.value,
    interval: intervalOf(replicates),
    bracket: [ordered[found.last].value, ordered[found.last + 1].value],
    threshold,
    replicates,
  };
}

/** The factor times the best cost; of a negative best, as far from it as of a positive one. */
function limitOf(search: FactorSearch, means: readonly number[]): number {
  const best = Math.min(...means.map((mean) => costOf(search, mean)).filter(Number.isFinite));
  return best + (search.withinFactor - 1) * Math.abs(best);
}

interface Leaving {
  /** The last value within the factor, and where the mean leaves it after that: the value itself at the end of the grid. */
  last: number;
  value: number;
}

function leavingOf(
  search: FactorSearch,
  probes: readonly Probe[],
  means: readonly number[],
): Leaving | undefined {
  const limit = limitOf(search, means);
  const costs = means.map((mean) => costOf(search, mean));
  const last = costs.findLastIndex((cost) => cost <= limit);
  if (last < 0) return undefined;
  const low = probes[last].value;
  const rise = costs[last + 1] - costs[last];
  if (!Number.isFinite(rise)) return { last, value: low };
  const high = probes[last + 1].value;
  const share = (limit - costs[last]) / rise;
  const isPositive = probes[0].value > 0;
  return { last, value: isPositive ? low * (high / low) ** share : low + share * (high - low) };
}

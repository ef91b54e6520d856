import type { Dataset } from "../data/dataset.ts";
import { biasMinimizers } from "./bias-minimizer.ts";
import { populationErrors } from "./predictor-distances.ts";
import { rowSpace } from "./row-space.ts";

/** Squared l2 distance to beta* up to which a predictor has recovered it. */
export const recoveryError = 0.025;

/** Where the exact limits are looked at first: half a decade apart, from the kernel regime on, a few at a time. */
const scales = Array.from({ length: 16 }, (_, k) => 10 ** (1 - k / 2));
const atATime = 4;
/** Parts of half a decade that are looked at then. */
const parts = 6;

/**
 * The largest alpha whose limit of gradient flow recovers beta*: the first, coming from the kernel regime, with a squared
 * l2 distance of at most `recoveryError`, to about 1%. NaN where none does down to 3e-7, or where there is no beta*.
 *
 * @throws as `biasMinimizers`
 * @source Woodworth et al. 2020, Figure 3c
 */
export function largestRecoveringScale(dataset: Dataset, depth: number): number {
  const { betaStar } = dataset;
  if (!betaStar) return NaN;
  const space = rowSpace(dataset);
  const crossing = (alphas: number[]) =>
    firstCrossing(
      biasMinimizers(dataset, alphas, { depth }, { space }).map(({ beta }, k) => ({
        alpha: alphas[k],
        error: populationErrors(beta, betaStar).population_l2,
      })),
    );
  for (let start = 0; start < scales.length; start += atATime) {
    // One more: the crossing may lie between two lots.
    const coarse = crossing(scales.slice(Math.max(0, start - 1), start + atATime));
    if (!coarse) continue;
    const { above, below, alpha } = coarse;
    if (!above) return alpha;
    return crossing(
      Array.from({ length: parts + 1 }, (_, k) => above.alpha * (below.alpha / above.alpha) ** (k / parts)),
    )!.alpha;
  }
  return NaN;
}

export interface ErrorAt {
  alpha: number;
  /** Squared l2 distance to beta*. */
  error: number;
}

export interface Crossing {
  /** Where the error is `recoveryError`, by a power law through the two. */
  alpha: number;
  /** The last alpha that does not recover; none where the largest does. */
  above?: ErrorAt;
  /** The first that does. */
  below: ErrorAt;
}

/** Where errors, alpha decreasing, first reach `recoveryError`; undefined where none does. */
export function firstCrossing(errors: readonly ErrorAt[]): Crossing | undefined {
  const first = errors.findIndex(({ error }) => error <= recoveryError);
  if (first < 0) return undefined;
  const below = errors[first];
  if (first === 0) return { alpha: below.alpha, below };
  const above = errors[first - 1];
  const share = Math.log(above.error / recoveryError) / Math.log(above.error / below.error);
  return { alpha: above.alpha * (below.alpha / above.alpha) ** share, above, below };
}

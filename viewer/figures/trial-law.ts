/** A power law over trials: each trial has a fit of its own, and what they differ by is the interval. */

import type { Results } from "../../src/results/types.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { formatNumber } from "./format.ts";
import { fitPowerLaw, type PowerLaw, valueAt } from "../../src/results/power-law.ts";
import { placeOf, type Setting, trialOf } from "./trials.ts";

export interface TrialLaw {
  /** Over the trials: an interval of their mean needs no law of errors within a trial, where neighbours share data. */
  exponent: Estimate;
  /** "−1.94 ± 0.05", 95%. */
  text: string;
  from: number;
  to: number;
  /** The law at the mean exponent, through the trials' mean of logarithms. */
  at(x: number): number;
}

/**
 * Fits y = c x^exponent to every trial.
 *
 * @param settings those of the law, one a place on the axis
 * @returns undefined unless some trial has four positive values
 */
export function trialLaw(
  results: Results,
  settings: readonly Setting[],
  against: string,
  measure: (row: number) => number,
): TrialLaw | undefined {
  const trials = new Map<string, { x: number; y: number }[]>();
  for (const row of settings.flatMap(({ rows }) => rows)) {
    const point = { x: placeOf(results, against, row), y: measure(row) };
    if (!(point.x > 0 && point.y > 0 && Number.isFinite(point.y))) continue;
    const trial = trialOf(results, row);
    trials.set(trial, [...(trials.get(trial) ?? []), point]);
  }
  const laws = [...trials.values()].map(fitPowerLaw).filter((law): law is PowerLaw => law !== undefined);
  if (laws.length === 0) return undefined;
  const exponent = estimate(laws.map(({ slope }) => slope));
  return {
    exponent,
    text: withMargin(exponent),
    from: Math.min(...laws.map(({ from }) => from)),
    to: Math.max(...laws.map(({ to }) => to)),
    at: (x) => Math.exp(estimate(laws.map((law) => Math.log(valueAt(law, x)))).mean),
  };
}

/** The mean to the digits that its interval leaves. */
function withMargin({ mean, margin }: Estimate): string {
  if (!Number.isFinite(margin)) return formatNumber(mean, 3);
  const digits = Math.max(1, Math.min(4, Math.ceil(-Math.log10(margin)) + 1));
  return `${mean.toFixed(digits).replace("-", "−")} ± ${margin.toFixed(digits)}`;
}

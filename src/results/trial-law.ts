/** A power law over trials: each trial has a fit of its own, and what they differ by is the interval. */

import { type Estimate, estimate } from "./estimate.ts";
import { fitPowerLaw, type PowerLaw, valueAt } from "./power-law.ts";
import { placeOf, type Setting, trialOf } from "./trials.ts";
import type { Results } from "./types.ts";

export interface TrialLaw {
  /** Over the trials: an interval of their mean needs no law of errors within a trial, where neighbours share data. */
  exponent: Estimate;
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
    from: Math.min(...laws.map(({ from }) => from)),
    to: Math.max(...laws.map(({ to }) => to)),
    at: (x) => Math.exp(estimate(laws.map((law) => Math.log(valueAt(law, x)))).mean),
  };
}

/** The critical scale: the largest initialization that generalizes about as well as the best one. */

import { numberAt } from "./run-rows.ts";
import { layersPath, placeOf, trialOf } from "./trials.ts";
import type { Results } from "./types.ts";

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

/** A trial: its critical scale, and that of the network's output. */
export interface Critical {
  layers: number;
  trial: string;
  /** Scale of the weights. */
  alpha: number;
  /** Scale of the output that it makes, alpha^(k+1). */
  output: number;
  /** Whether no scale of the sweep was too large. */
  isBound: boolean;
}

/** Critical scales by the test loss, a trial each, in the order of the runs. */
export function criticalScales(results: Results, factor: number): Critical[] {
  const trials = new Map<
    string,
    { layers: number; trial: string; runs: { alpha: number; error: number }[] }
  >();
  for (let row = 0; row < results.runs.rows; row++) {
    const layers = placeOf(results, layersPath, row);
    const trial = trialOf(results, row);
    const key = `${layers} ${trial}`;
    const known = trials.get(key) ?? { layers, trial, runs: [] };
    known.runs.push({ alpha: placeOf(results, "init.alpha", row), error: testLoss(results, row) });
    trials.set(key, known);
  }
  return [...trials.values()].flatMap(({ layers, trial, runs }) => {
    const alpha = criticalScale(runs, factor);
    if (Number.isNaN(alpha)) return [];
    const isBound = alpha === Math.max(...runs.map((run) => run.alpha));
    return [{ layers, trial, alpha, output: alpha ** (layers + 1), isBound }];
  });
}

/** A run that diverged has none. */
const testLoss = ({ runs: { columns } }: Results, row: number): number =>
  columns.status[row] === "diverged" ? NaN : numberAt(columns.test_loss, row);

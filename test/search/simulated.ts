/** Searches whose probes are drawn from a known curve. */

import { fillNormal, stream } from "../../src/data/stream.ts";
import type { FactorSearch, Search, ThresholdSearch } from "../../src/document/types.ts";
import { driveSearches, type Wanted } from "../../src/search/driver.ts";
import type { Probe } from "../../src/search/probe.ts";

export const threshold = (changes: Partial<ThresholdSearch> = {}): ThresholdSearch => ({
  path: "data.samples",
  between: [10, 2000],
  quantity: "test_accuracy",
  atLeast: 0.6,
  trials: 20,
  seeds: ["data.seed"],
  ratio: 1.05,
  ...changes,
});

export const factor = (changes: Partial<FactorSearch> = {}): FactorSearch => ({
  path: "init.alpha",
  values: [0.01, 0.1, 1, 10],
  quantity: "test_loss",
  withinFactor: 1.5,
  trials: 20,
  seeds: ["data.seed"],
  ...changes,
});

export interface Simulation {
  probes: Probe[];
  /** What every round asked for. */
  rounds: (readonly Wanted[])[];
}

/**
 * A search at one point.
 *
 * @param mean of the quantity at a value; trials are normal around it
 */
export async function simulate(
  specification: Search["specification"],
  mean: (value: number) => number,
  { noise = 0, seed = 1, isWhole = true }: { noise?: number; seed?: number; isWhole?: boolean } = {},
): Promise<Simulation> {
  const rounds: (readonly Wanted[])[] = [];
  const values = "values" in specification ? (specification.values as number[]) : [];
  const [probes] = await driveSearches({ specification, isWhole, values, points: [{}] }, async (wanted) => {
    rounds.push(wanted);
    return wanted.map(({ value }, k) => {
      const draws = new Float64Array(specification.trials);
      fillNormal(stream(1000 * seed + 10 * rounds.length + k, "noise"), draws);
      return Array.from(draws, (z) => mean(value) + noise * z);
    });
  });
  return { probes, rounds };
}

import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { below } from "./expectation.ts";
import { type LimitErrors, limitErrors } from "./interpolation.ts";
import { exactText } from "./number-text.ts";
import type { Reproduction } from "./reproduction.ts";

const document = "woodworth-figure-1";

/** The means over datasets of other seeds, and their standard errors: population error, excess l1 and excess l2 norm. */
const table = [
  [1, [0.9038, 0.0012], [5.027, 0.04], [0, 0]],
  [0.1, [0.803, 0.004], [4.501, 0.026], [0.007, 0.0004]],
  [0.03, [0.238, 0.007], [1.671, 0.01], [0.268, 0.004]],
  [0.01, [0.0498, 0.0021], [0.428, 0.005], [0.499, 0.002]],
  [1e-3, [0.0157, 0.0005], [0.0642, 0.0009], [0.594, 0.001]],
  [1e-6, [0.0108, 0.0003], [0.007, 0.0001], [0.623, 0.002]],
] as const;
const alphas = table.map(([alpha]) => alpha);

const columns = {
  population_l2: "population error ‖β − β*‖₂²",
  excess_l1: "excess l1 norm",
  excess_l2: "excess l2 norm",
} as const satisfies Record<keyof LimitErrors, string>;

/** A run of every dataset. */
function datasets(evidence: Evidence): RecordedRun[] {
  const runs = new Map<number, RecordedRun>();
  for (const run of recordedRuns(evidence[document])) {
    const { data } = run.specification;
    if (data.kind === "linear-sparse") runs.set(data.seed, run);
  }
  return [...runs.values()];
}

const errorsOf = (evidence: Evidence): Promise<LimitErrors[][]> =>
  Promise.all(datasets(evidence).map((run) => limitErrors(run, alphas)));

function meanOf(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(spread / values.length) };
}

/** What a printed 0 leaves open. */
const zero = 5e-4;

/** How far the mean over our datasets is from the table's entry, in standard errors of the two together. */
async function deviation(evidence: Evidence, row: number, column: number): Promise<number> {
  const name = (Object.keys(columns) as (keyof LimitErrors)[])[column];
  const [known, knownError] = table[row][column + 1] as readonly [number, number];
  const { mean, error } = meanOf((await errorsOf(evidence)).map((errors) => errors[row][name]));
  return Math.abs(mean - known) / Math.hypot(error, knownError, known === 0 ? zero : 0);
}

/** The largest difference between what the GPU's flow ends with and the exact limit, over the limit's mean. */
async function largestMiss(evidence: Evidence, name: keyof LimitErrors, alpha: number): Promise<number> {
  const runs = recordedRuns(evidence[document]).filter((run) => run.specification.init.alpha === alpha);
  const row = alphas.indexOf(alpha as (typeof alphas)[number]);
  const exact = await Promise.all(runs.map(async (run) => (await limitErrors(run, alphas))[row][name]));
  const misses = runs.map((run, k) => Math.abs(run.last(name) - exact[k]));
  return misses.reduce((most, miss) => Math.max(most, miss), 0) / meanOf(exact).mean;
}

export const woodworthFigure1: Reproduction = {
  id: document,
  title: "Population error and excess norms of gradient flow's limit, 100 samples of 1000 inputs",
  source: "Woodworth et al. 2020, Figure 1",
  documents: [document],
  figures: ["excess-l1", "population-l2", "implicit-potentials", "potential-ratio"],
  claims: [
    ...holding(
      "exact limits on 120 other datasets: how far our mean is, in combined standard errors",
      table.flatMap(([alpha, ...entries], row) =>
        Object.values(columns).map((name, column) => ({
          says: `α = ${exactText(alpha)}: ${name}, ${entries[column][0]}`,
          expected: below(3),
          measure: (evidence: Evidence) => deviation(evidence, row, column),
        })),
      ),
    ),
    ...holding(
      "Woodworth et al. 2020, Theorem 1: largest difference of the GPU's flow from the exact limit, over its mean",
      [1, 0.1].flatMap((alpha) =>
        (["population_l2", "excess_l1"] as const).map((name) => ({
          says: `α = ${alpha}: ${columns[name]}`,
          expected: below(1e-3),
          measure: (evidence: Evidence) => largestMiss(evidence, name, alpha),
        })),
      ),
    ),
  ],
  isLong: true,
  shortened: { [document]: { "sweep[0].range": [1, 9, 1] } },
};

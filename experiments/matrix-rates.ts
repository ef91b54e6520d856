import { fitPowerLaw } from "../src/results/power-law.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { below, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const ofFactors = ({ "matrix-rates": results }: Evidence, factors: number): RecordedRun[] =>
  recordedRuns(results).filter((run) => run.last("model.factors") === factors);

/** Exponents in alpha with D factors. */
const rates = [
  ["weight_distance", "‖w − w(0)‖", (D: number) => 1 - D],
  ["linear_distance", "‖w − wbar‖", (D: number) => 1 - 2 * D],
  ["ntk_drift", "‖K − K(0)‖ / ‖K(0)‖", (D: number) => -2 * D],
] as const;

export const matrixRates: Reproduction = {
  id: "matrix-rates",
  title: "Factorized matrices: distances and kernel change as powers of α",
  source: "Chizat et al. 2019; the symmetry of two equal copies",
  documents: ["matrix-rates"],
  figures: ["distances-against-alpha", "kernel-drift-against-alpha"],
  claims: [
    ...holding(
      "theory: rates in α of the kernel regime",
      [2, 3, 4].flatMap((factors) =>
        rates.map(([quantity, symbol, exponent]) => ({
          says: `D = ${factors}, α = 8 … 64: the exponent of ${symbol}`,
          expected: within(exponent(factors), 0.02),
          measure: (evidence: Evidence) =>
            fitPowerLaw(
              ofFactors(evidence, factors).map((run) => ({
                x: run.last("init.alpha"),
                y: run.last(quantity),
              })),
            )?.slope ?? NaN,
        })),
      ),
    ),
    ...holding("theory: K(0) = 2 D α^(2D − 2) sets the pace", [
      {
        says: "All runs are trained to their end: largest final loss over the initial one",
        expected: below(1e-10),
        measure: ({ "matrix-rates": results }) =>
          Math.max(...recordedRuns(results).map((run) => run.last("loss") / run.series("loss")[0])),
      },
    ]),
  ],
};

import { holding } from "./claim.ts";
import { type Evidence, recordedRun } from "./evidence.ts";
import { within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

/** Depth, alpha, and the exact flow's distance to the lasso at tau = 3, to the digits that are known. */
const known = [
  [2, 1e-4, 0.029],
  [2, 1e-8, 0.011],
  [2, 1e-16, 0.005],
  [3, 0.01, 0.006],
] as const;

export const lassoPath: Reproduction = {
  id: "lasso-path",
  title: "The time average of β is the lasso",
  source: "Berthier 2025",
  documents: ["lasso-path"],
  figures: ["lasso-gap"],
  isLong: true,
  claims: holding(
    "Berthier 2025, as α → 0, at the penalty 1/τ; the numbers are those of the flow in float64",
    known.map(([depth, alpha, gap]) => ({
      says: `D = ${depth}, α = ${alpha}: the distance of β's average up to τ = 3 to the lasso, relative`,
      expected: within(gap, 0.0005),
      measure: ({ "lasso-path": results }: Evidence) =>
        recordedRun(results, { "model.depth": depth, "init.alpha": alpha }).last("lasso_gap"),
    })),
  ),
};

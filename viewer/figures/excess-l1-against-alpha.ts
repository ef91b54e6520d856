import { l1Norm } from "../../src/theory/norms.ts";
import type { Results } from "../../src/results/types.ts";
import type { Family } from "./exact-limits.ts";
import { limitFigure } from "./limit-figure.ts";
import { numberAt } from "./runs.ts";

export const excessL1AgainstAlpha = limitFigure({
  id: "excess-l1-against-alpha",
  title: "Excess l1 norm against α",
  caption:
    "How far the predictor's l1 norm is above that of the minimum-l1 solution: zero in the rich limit of diagonal networks, that of the minimum-l2 solution in the kernel limit. A norm below zero is that of a predictor that does not interpolate yet.",
  quantity: "excess_l1",
  measure: (results, family) => {
    const least = leastNorm(results, family);
    return least === undefined ? undefined : (beta) => l1Norm(beta) - least;
  },
});

/** The minimum-l1 norm, as the runs that recorded a norm and its excess know it. */
function leastNorm({ runs: { columns } }: Results, { rows }: Family): number | undefined {
  if (!("predictor_l1" in columns)) return undefined;
  const norms = rows
    .map((row) => numberAt(columns.predictor_l1, row) - numberAt(columns.excess_l1, row))
    .filter(Number.isFinite);
  return norms.length > 0 ? norms.reduce((sum, norm) => sum + norm, 0) / norms.length : undefined;
}

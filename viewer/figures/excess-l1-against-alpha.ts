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
  wants: "predictor_l1 or the array predictor",
  measure: (results, family) => {
    const least = leastNorm(results, family);
    return least === undefined ? undefined : (beta) => l1Norm(beta) - least;
  },
});

/** The minimum-l1 norm, as the runs that tell a norm and its excess know it. */
function leastNorm(results: Results, { rows }: Family): number | undefined {
  const { excess_l1: excess } = results.runs.columns;
  const norms = rows.map((row) => normOf(results, row) - numberAt(excess, row)).filter(Number.isFinite);
  return norms.length > 0 ? norms.reduce((sum, norm) => sum + norm, 0) / norms.length : undefined;
}

/** The l1 norm that a run ended with, recorded or of its predictor; NaN where the results hold neither. */
function normOf({ runs: { columns, rows }, arrays: { predictor } }: Results, row: number): number {
  if ("predictor_l1" in columns) return numberAt(columns.predictor_l1, row);
  if (!predictor) return NaN;
  const inputs = predictor.data.length / rows;
  return l1Norm(predictor.data.subarray(row * inputs, (row + 1) * inputs));
}

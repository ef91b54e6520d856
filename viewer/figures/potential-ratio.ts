import { implicitPotential } from "../../src/theory/implicit-bias.ts";
import type { Results } from "../../src/results/types.ts";
import { defineFigure } from "./figure.ts";
import { formatCount, formatNumber } from "./format.ts";
import { areDiagonal, documentValue, sweptPaths } from "./runs.ts";
import { drawTheoryCurves, ofEveryDepth, type TheoryCurves, theoryCurvesTable } from "./theory-curves.ts";

/** Where data say nothing of their dimension. */
const usualInputs = 1000;

export const inputsOf = (results: Results): number => {
  const dimension = documentValue(results, "data", "dimension");
  return typeof dimension === "number" ? dimension : usualInputs;
};

/** What a potential of beta_i / scale makes of e_1, over what it makes of (1, ..., 1) / sqrt(n). */
export const sparseOverDense = (potential: (z: number) => number, scale: number, inputs: number): number =>
  potential(1 / scale) / (inputs * potential(1 / scale / Math.sqrt(inputs)));

const curvesFor = (inputs: number): TheoryCurves => ({
  label: "Q of a sparse predictor over that of a dense one, by depth",
  x: { title: "α", name: "alpha", from: 1e-6, to: 1e2 },
  y: { title: "Q(e₁) / Q(1/√n)", name: "ratio", type: "log" },
  ...ofEveryDepth((alpha, depth) =>
    sparseOverDense((z) => implicitPotential(z, depth), alpha ** depth, inputs),
  ),
  notes: [
    `n = ${formatCount(inputs)}. Both predictors have l2 norm 1: by the l2 norm the ratio is 1, by the l1 norm 1/√n = ${formatNumber(1 / Math.sqrt(inputs), 3)}.`,
  ],
});

export const potentialRatio = defineFigure({
  id: "potential-ratio",
  title: "How much gradient flow prefers sparse predictors",
  caption:
    "Q of a predictor with one entry over Q of one with equal entries and the same l2 norm: depth 2 comes to the l1 norm's ratio with the logarithm of α only, larger depths with a power of it.",
  needs: ["excess_l1"],
  shows: (results) => areDiagonal(results) && sweptPaths(results).includes("init.alpha"),
  controls: () => ({}),
  draw: (results, frame) => drawTheoryCurves(curvesFor(inputsOf(results)), frame),
  data: (results) => theoryCurvesTable(curvesFor(inputsOf(results))),
});

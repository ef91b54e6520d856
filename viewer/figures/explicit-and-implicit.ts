import { explicitPotential } from "../../src/theory/explicit-bias.ts";
import { implicitPotential } from "../../src/theory/implicit-bias.ts";
import { defineFigure } from "./figure.ts";
import { formatCount } from "./format.ts";
import { inputsOf, sparseOverDense } from "./potential-ratio.ts";
import { areDiagonal, sweptPaths } from "./runs.ts";
import { drawTheoryCurves, type TheoryCurves, theoryCurvesTable } from "./theory-curves.ts";

const curvesFor = (inputs: number): TheoryCurves => ({
  label: "Implicit and explicit bias of a sparse predictor over a dense one",
  x: { title: "α", name: "alpha", from: 1e-6, to: 1e2 },
  y: { title: "bias of e₁ over bias of 1/√n", name: "ratio", type: "log" },
  key: { name: "bias" },
  curves: [
    {
      label: "Q, where gradient flow ends",
      cell: "implicit",
      value: (alpha) => sparseOverDense(implicitPotential, alpha ** 2, inputs),
    },
    {
      label: "R, least distance from the start",
      cell: "explicit",
      value: (alpha) => sparseOverDense(explicitPotential, alpha ** 2, inputs),
    },
    { label: "l1 and squared l2 norm", cell: "l1 norm", dashed: true, value: () => 1 / Math.sqrt(inputs) },
    { label: "", cell: "squared l2 norm", dashed: true, value: () => 1 },
  ],
  notes: [
    `D = 2, n = ${formatCount(inputs)}. R comes to the l1 norm with a power of α, Q with its logarithm only: gradient flow does not end at the nearest solution.`,
  ],
});

export const explicitAndImplicit = defineFigure({
  id: "explicit-and-implicit",
  title: "Explicit against implicit bias",
  caption:
    "The solution that gradient flow finds minimizes Q; the one nearest to the initial weights minimizes R (Woodworth et al. 2020, Section 4). Both go from the l2 norm to the l1 norm as α shrinks, at very different speeds.",
  needs: ["excess_l1"],
  shows: (results) => areDiagonal(results) && sweptPaths(results).includes("init.alpha"),
  controls: () => ({}),
  draw: (results, frame) => drawTheoryCurves(curvesFor(inputsOf(results)), frame),
  data: (results) => theoryCurvesTable(curvesFor(inputsOf(results))),
});

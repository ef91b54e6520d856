import { implicitPotential } from "../../src/theory/implicit-bias.ts";
import { defineFigure } from "./figure.ts";
import { areDiagonal, sweptPaths } from "./runs.ts";
import { drawTheoryCurves, ofEveryDepth, type TheoryCurves, theoryCurvesTable } from "./theory-curves.ts";

const curves: TheoryCurves = {
  label: "The potential that gradient flow minimizes, by depth",
  x: { title: "z = βᵢ / α^D", name: "z", from: 1e-3, to: 1e6 },
  y: { title: "q_D(z)", name: "q", type: "log" },
  ...ofEveryDepth(implicitPotential),
  notes: ["Slope 2 is the l2 norm's, slope 1 the l1 norm's; at D = 2 a logarithm stays."],
};

export const implicitPotentials = defineFigure({
  id: "implicit-potentials",
  title: "What gradient flow minimizes: q_D",
  caption:
    "One coordinate's share of Q (Woodworth et al. 2020, Theorems 1 and 3): quadratic where β is small against α^D, the kernel regime, and like |β| where it is large, the rich one.",
  needs: ["excess_l1"],
  shows: (results) => areDiagonal(results) && sweptPaths(results).includes("init.alpha"),
  controls: () => ({}),
  draw: (_, frame) => drawTheoryCurves(curves, frame),
  data: () => theoryCurvesTable(curves),
});

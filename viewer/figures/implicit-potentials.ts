import { implicitPotential } from "../../src/theory/implicit-bias.ts";
import { type DepthCurves, depthCurvesTable, drawDepthCurves } from "./depth-curves.ts";
import { defineFigure } from "./figure.ts";
import { sweptPaths } from "./runs.ts";

const curves: DepthCurves = {
  label: "The potential that gradient flow minimizes, by depth",
  x: { title: "z = βᵢ / α^D", name: "z", from: 1e-3, to: 1e6 },
  y: { title: "q_D(z)", name: "q", type: "log" },
  value: implicitPotential,
  notes: ["Slope 2 is the l2 norm's, slope 1 the l1 norm's; at D = 2 a logarithm stays."],
};

export const implicitPotentials = defineFigure({
  id: "implicit-potentials",
  title: "What gradient flow minimizes: q_D",
  caption:
    "One coordinate's share of Q (Woodworth et al. 2020, Theorems 1 and 3): quadratic where β is small against α^D, the kernel regime, and like |β| where it is large, the rich one.",
  needs: ["excess_l1"],
  shows: (results) => sweptPaths(results).includes("init.alpha"),
  controls: () => ({}),
  draw: (_, frame) => drawDepthCurves(curves, frame),
  data: () => depthCurvesTable(curves),
});

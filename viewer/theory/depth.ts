/** What depth changes: the pull to sparse predictors comes with a power of alpha in place of its logarithm. */

import type { Slider } from "../figures/figure.ts";
import { sparseOverDense } from "../figures/potential-ratio.ts";
import { drawTheoryCurves, type TheoryCurves, theoryCurvesTable } from "../figures/theory-curves.ts";
import { implicitPotential } from "../../src/theory/implicit-bias.ts";
import { defineExplanation, kernelAndRich, type Range, sliderOf, valueOf } from "./explanation.ts";

const depths: Range = {
  label: "Depth D",
  low: 2,
  high: 10,
  steps: 8,
  initial: 4,
  type: "linear",
  show: String,
};
const inputs = 100;

const curvesOf = (deep: number): TheoryCurves => ({
  label: `Q of a sparse predictor over that of a dense one, at depth ${deep}`,
  x: { title: "α", name: "alpha", from: 1e-6, to: 1e2 },
  y: { title: "Q(e₁) / Q(1/√n)", name: "ratio", type: "log" },
  key: { title: "D", name: "depth" },
  curves: [...new Set([2, deep])].map((depth) => ({
    label: String(depth),
    cell: depth,
    dashed: depth !== deep,
    value: (alpha) => sparseOverDense((z) => implicitPotential(z, depth), alpha ** depth, inputs),
  })),
  notes: [
    `n = ${inputs} inputs: the ratio is 1 by the ℓ₂ norm, and ${1 / Math.sqrt(inputs)} by the ℓ₁ norm.`,
  ],
});

export const depth = defineExplanation<{ depth: Slider }>(
  {
    id: "depth",
    title: "Depth",
    caption:
      "How much cheaper a predictor with one entry is to Q than one with equal entries and the same ℓ₂ norm. At depth 2 the ratio comes to the ℓ₁ norm’s with the logarithm of α only, so that the rich regime asks for an α that is exponentially small. From depth 3 on it comes there with a power of α: a moderate α is enough.",
    controls: () => ({ depth: sliderOf(depths) }),
    draw: (_, frame, settings) => drawTheoryCurves(curvesOf(valueOf(depths, settings.depth)), frame),
    data: (_, settings) => theoryCurvesTable(curvesOf(valueOf(depths, settings.depth))),
  },
  "Q(β) = α^{D} Σ_{i} q_{D}(β_{i}/α^{D}),  q_{D}(z) = ∫_{0}^{z} h_{D}^{−1},  h_{D}(z) = (1 − z)^{−D/(D−2)} − (1 + z)^{−D/(D−2)}",
  [`${kernelAndRich}, Theorem 3`],
);

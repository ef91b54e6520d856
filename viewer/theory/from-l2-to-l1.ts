/** What gradient flow minimizes: Q, which turns from the l2 norm to the l1 norm as alpha shrinks. */

import type { Slider } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { ball, drawBall } from "./ball.ts";
import { defineExplanation, kernelAndRich, type Range, sliderOf, valueOf } from "./explanation.ts";

const alphas: Range = {
  label: "α",
  low: 1e-4,
  high: 10,
  steps: 100,
  initial: 0.3,
  type: "log",
  show: (value) => formatNumber(value, 2),
};

export const fromL2ToL1 = defineExplanation<{ alpha: Slider }>(
  {
    id: "from-l2-to-l1",
    title: "From ℓ₂ to ℓ₁",
    caption:
      "Many predictors fit the data; gradient flow of a diagonal network of depth 2, from weights α, ends at the one that minimizes Q. Its ball is round at a large α, where Q is nearly a multiple of the squared ℓ₂ norm, and has corners at a small α, where it is nearly the ℓ₁ norm times a logarithm: then it touches the predictors that fit where one entry is nearly 0. One sample, two inputs.",
    controls: () => ({ alpha: sliderOf(alphas) }),
    draw: (_, frame, settings) => {
      const alpha = valueOf(alphas, settings.alpha);
      return drawBall(`The ball of Q at alpha ${formatNumber(alpha, 2)}`, ball(alpha, 2), frame);
    },
    data: (_, settings) => edgeTable(valueOf(alphas, settings.alpha), 2),
  },
  "Q(β) = Σ_{i} α² q(β_{i}/α²),  q(z) = 2 − √(4 + z²) + z arcsinh(z/2)",
  [`${kernelAndRich}, Theorem 1`],
);

const edgeTable = (alpha: number, depth: number) => {
  const { edge } = ball(alpha, depth);
  return {
    rows: edge.length,
    columns: {
      beta_1: Float64Array.from(edge, (point) => point.x),
      beta_2: Float64Array.from(edge, (point) => point.y),
    },
  };
};

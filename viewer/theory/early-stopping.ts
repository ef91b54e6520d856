/** A small error on the way is not the rich limit's: with noise in the labels the flow passes the truth, and goes on. */

import * as Plot from "@observablehq/plot";
import { least, range } from "d3";
import { generateLinear } from "../../src/data/linear.dataset.ts";
import { biasMinimizer } from "../../src/theory/bias-minimizer.ts";
import { dualFlow } from "../../src/theory/dual-flow.ts";
import { drawChart, pointed } from "../figures/chart.ts";
import { domainOf } from "../figures/extent.ts";
import type { Slider } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { defineExplanation, kernelAndRich, type Range, sliderOf, valueOf } from "./explanation.ts";

const alphas: Range = {
  label: "α",
  low: 1e-4,
  high: 1,
  steps: 40,
  initial: 1e-3,
  type: "log",
  show: (value) => formatNumber(value, 2),
};
const problem = {
  kind: "linear-sparse",
  sparsity: 2,
  samples: 20,
  dimension: 40,
  noise: 0.15,
  seed: 1,
  testSamples: 0,
} as const;
const [first, last, records] = [0.01, 1000, 160];

interface Way {
  points: { x: number; y: number }[];
  /** Where the flow ends. */
  limit: number;
}

const known = new Map<number, Way>();

/** Squared distances from the truth, on the exact flow from alpha and at its end. */
export function wayOf(alpha: number): Way {
  const before = known.get(alpha);
  if (before) return before;
  const truth = new Float64Array(problem.dimension).fill(Math.SQRT1_2, 0, 2);
  const system = generateLinear(problem, truth);
  const error = (beta: Float64Array) => beta.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0);
  const times = range(records + 1).map((k) => first * (last / first) ** (k / records));
  const flow = dualFlow(system, { alpha, depth: 2 }, { times, tolerance: 1e-5 });
  const way = {
    points: flow.records.map(({ time, beta }) => ({ x: time, y: error(beta) })),
    limit: error(biasMinimizer(system, { alpha, depth: 2 }).beta),
  };
  known.set(alpha, way);
  return way;
}

export const earlyStopping = defineExplanation<{ alpha: Slider }>(
  {
    id: "early-stopping",
    title: "Early stopping is not the rich limit",
    caption:
      "Labels with noise are fitted in the end, noise and all, by gradient flow from any α. From a small α the flow first finds the two entries of the truth, and the error falls far below the limit’s; only later it fits the noise. A small error after so many epochs is one of stopping in time, and not the error of the rich limit, the least ℓ₁ norm that fits. 20 samples, 40 inputs, noise .15, the exact flow.",
    controls: () => ({ alpha: sliderOf(alphas) }),
    draw(_, frame, settings) {
      const { theme } = frame;
      const alpha = valueOf(alphas, settings.alpha);
      const { points, limit } = wayOf(alpha);
      const lowest = least(points, ({ y }) => y)!;
      return drawChart(
        {
          label: `Distance from the truth over training from alpha ${formatNumber(alpha, 2)}`,
          x: { title: "time (step size × updates)", type: "log", domain: [first, last] },
          y: {
            title: "‖β − β*‖₂²",
            type: "log",
            domain: domainOf([...points.map(({ y }) => y), limit, 1e-3, 1], "log"),
          },
          legend: [
            {
              entries: [
                { label: "on the way", colour: theme.categories[0], mark: "line" },
                { label: "where it ends", colour: theme.categories[1], mark: "dashed" },
                { label: "least", colour: theme.categories[0], mark: "dot" },
              ],
            },
          ],
          marks: [
            Plot.ruleY([limit], { stroke: theme.categories[1], strokeWidth: 2, strokeDasharray: "5,3" }),
            Plot.line(points, { x: "x", y: "y", stroke: theme.categories[0], strokeWidth: 2.5 }),
            Plot.dot([lowest], { x: "x", y: "y", r: 5, fill: theme.categories[0] }),
            ...pointed(points, {
              text: ({ x, y }) => `t = ${formatNumber(x, 3)}\n‖β − β*‖₂² = ${formatNumber(y, 3)}`,
              colour: () => theme.categories[0],
              theme,
            }),
          ],
          notes: [
            `Least ${formatNumber(lowest.y, 2)} at t = ${formatNumber(lowest.x, 2)}; at the end of the flow ${formatNumber(limit, 2)}.`,
          ],
        },
        frame,
      );
    },
    data(_, settings) {
      const { points } = wayOf(valueOf(alphas, settings.alpha));
      return {
        rows: points.length,
        columns: {
          time: Float64Array.from(points, ({ x }) => x),
          population_l2: Float64Array.from(points, ({ y }) => y),
        },
      };
    },
  },
  "β(t) = 2α² sinh(Xᵀν),  dν/dt = −(8/N)(Xβ − y),  ν(0) = 0",
  [`${kernelAndRich}, proof of Theorem 1`],
);

/** The ball of Q in two dimensions, and where it touches the predictors that fit one sample. */

import * as Plot from "@observablehq/plot";
import { range } from "d3";
import { biasMinimizer } from "../../src/theory/bias-minimizer.ts";
import { implicitBias } from "../../src/theory/implicit-bias.ts";
import { type Axis, drawChart, leftOf } from "../figures/chart.ts";
import type { Frame } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";

/** The one sample: x . beta = 1. */
const x = [1, 0.6] as const;
const height = 300;
const half = 1.25;
const turns = 180;

export interface Ball {
  minimizer: readonly [number, number];
  /** Points where Q is what it is at the minimizer. */
  edge: { x: number; y: number }[];
}

/** Q's minimizer subject to x . beta = 1, and the level set of Q through it. */
export function ball(alpha: number, depth: number): Ball {
  const { beta } = biasMinimizer(
    { samples: 1, inputs: 2, X: Float64Array.from(x), y: Float64Array.of(1) },
    { alpha, depth },
  );
  const bias = (radius: number, angle: number) =>
    implicitBias([radius * Math.cos(angle), radius * Math.sin(angle)], { alpha, depth });
  const level = implicitBias(beta, { alpha, depth });
  const edge = range(turns + 1).map((k) => {
    const angle = (2 * Math.PI * k) / turns;
    let [low, high] = [0, 4];
    // Q increases along every ray.
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      if (bias(middle, angle) < level) low = middle;
      else high = middle;
    }
    return { x: low * Math.cos(angle), y: low * Math.sin(angle) };
  });
  return { minimizer: [beta[0], beta[1]], edge };
}

export function drawBall(label: string, { minimizer, edge }: Ball, frame: Frame): SVGSVGElement {
  const { theme, width } = frame;
  const y: Axis = { title: "β₂", type: "linear", domain: [-half, half] };
  // A length is as long across as up.
  const across = (half * (width - leftOf(y) - 18)) / height;
  const squared = x[0] ** 2 + x[1] ** 2;
  const fits = [-across, across].map((at) => ({ x: at, y: (1 - x[0] * at) / x[1] }));
  const [minimum, l2, l1] = [
    { x: minimizer[0], y: minimizer[1] },
    { x: x[0] / squared, y: x[1] / squared },
    { x: 1, y: 0 },
  ];
  const inside = { clip: "frame" } as const;
  return drawChart(
    {
      label,
      height,
      x: { title: "β₁", type: "linear", domain: [-across, across] },
      y,
      legend: [
        {
          entries: [
            { label: `β₁ + ${x[1]} β₂ = 1`, colour: theme.muted, mark: "line" },
            { label: "Q = its least there", colour: theme.categories[0], mark: "line" },
            { label: "where the flow ends", colour: theme.categories[0], mark: "dot" },
            { label: "least ℓ₁, least ℓ₂", colour: theme.text, mark: "ring" },
          ],
        },
      ],
      marks: [
        Plot.line(fits, { x: "x", y: "y", stroke: theme.muted, strokeWidth: 1.5, ...inside }),
        Plot.line(edge, { x: "x", y: "y", stroke: theme.categories[0], strokeWidth: 2.5, ...inside }),
        Plot.dot([l1, l2], { x: "x", y: "y", r: 5, stroke: theme.text, fill: theme.background }),
        Plot.dot([minimum], { x: "x", y: "y", r: 5, fill: theme.categories[0] }),
      ],
      notes: [`The flow ends at β = (${formatNumber(minimum.x, 3)}, ${formatNumber(minimum.y, 3)}).`],
    },
    frame,
  );
}

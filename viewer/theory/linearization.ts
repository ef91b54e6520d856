/** What a linearization is, and when it is good: one diagonal network of one input on its exact way to the output 1. */

import * as Plot from "@observablehq/plot";
import { range } from "d3";
import { drawChart, pointed } from "../figures/chart.ts";
import type { Slider } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { defineExplanation, lazyTraining, type Range, sliderOf, valueOf } from "./explanation.ts";

const alphas: Range = {
  label: "α",
  low: 0.05,
  high: 5,
  steps: 80,
  initial: 0.3,
  type: "log",
  show: (value) => formatNumber(value, 2),
};
const steps = 80;

/**
 * The network f = w+^2 - w-^2 and its linearization on the flow from w+ = w- = alpha, which keeps w+ w- = alpha^2: so
 * w± = alpha e^(±u), f = 2 alpha^2 sinh(2u), and the tangent reads 4 alpha^2 sinh(u) at the same weights.
 *
 * @returns where f is a share of its way to 1, with both outputs
 */
export function tangentOnTheWay(alpha: number): { x: number; f: number; tangent: number }[] {
  return range(steps + 1).map((k) => {
    const f = k / steps;
    const u = Math.asinh(f / (2 * alpha * alpha)) / 2;
    // How far the weights have moved: |w - w(0)|, over |w(0)|.
    const moved = Math.hypot(Math.expm1(u), Math.expm1(-u)) / Math.SQRT2;
    return { x: moved, f, tangent: 4 * alpha * alpha * Math.sinh(u) };
  });
}

export const linearization = defineExplanation<{ alpha: Slider }>(
  {
    id: "linearization",
    title: "Linearization",
    caption:
      "Near its initial weights a network is nearly linear in its weights: f̄ is its tangent there. This is one diagonal network of depth 2 and one input, f = w₊² − w₋² from w₊ = w₋ = α, on its exact flow to the output 1. From a large α the weights get there while they hardly move against their own size, and f̄ reads nearly the same at the same weights. From a small α they grow many times over, and the tangent falls short.",
    controls: () => ({ alpha: sliderOf(alphas) }),
    draw(_, frame, settings) {
      const { theme } = frame;
      const alpha = valueOf(alphas, settings.alpha);
      const points = tangentOnTheWay(alpha);
      const last = points.at(-1)!;
      const colours = { f: theme.categories[0], tangent: theme.categories[1] };
      return drawChart(
        {
          label: `A network and its linearization from alpha ${formatNumber(alpha, 2)}`,
          x: { title: "|w − w(0)| / |w(0)|", type: "linear", domain: [0, last.x] },
          y: { title: "output", type: "linear", domain: [0, 1] },
          legend: [
            {
              entries: [
                { label: "f(w)", colour: colours.f, mark: "line" },
                { label: "f̄(w), the tangent", colour: colours.tangent, mark: "dashed" },
              ],
            },
          ],
          marks: [
            Plot.line(points, { x: "x", y: "f", stroke: colours.f, strokeWidth: 2.5 }),
            Plot.line(points, {
              x: "x",
              y: "tangent",
              stroke: colours.tangent,
              strokeWidth: 2.5,
              strokeDasharray: "5,3",
            }),
            ...pointed(
              points.flatMap(({ x, f, tangent }) => [
                { x, y: f, name: "f" },
                { x, y: tangent, name: "f̄" },
              ]),
              {
                text: ({ x, y, name }) => `moved ${formatNumber(x, 3)}\n${name} = ${formatNumber(y)}`,
                colour: ({ name }) => (name === "f" ? colours.f : colours.tangent),
                theme,
                line: ({ name }) => name,
              },
            ),
          ],
          notes: [`Where f has arrived at 1, its tangent reads ${formatNumber(last.tangent, 3)}.`],
        },
        frame,
      );
    },
    data(_, settings) {
      const points = tangentOnTheWay(valueOf(alphas, settings.alpha));
      return {
        rows: points.length,
        columns: {
          moved: Float64Array.from(points, ({ x }) => x),
          f: Float64Array.from(points, ({ f }) => f),
          tangent: Float64Array.from(points, ({ tangent }) => tangent),
        },
      };
    },
  },
  "f̄(w) = f(w₀) + ⟨∇f(w₀), w − w₀⟩",
  [lazyTraining],
);

/** Scaling the weights and scaling the output: for a homogeneous model they are the same path at another pace. */

import * as Plot from "@observablehq/plot";
import { range } from "d3";
import { dualFlow } from "../../src/theory/dual-flow.ts";
import { drawChart, pointed } from "../figures/chart.ts";
import type { Slider, Switch } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import { defineExplanation, lazyTraining, type Range, sliderOf, valueOf } from "./explanation.ts";

const degree = 3;
const alphas: Range = {
  label: "α",
  low: 0.3,
  high: 3,
  steps: 40,
  initial: 1.5,
  type: "log",
  show: (value) => formatNumber(value, 2),
};
const [first, last, records] = [1e-5, 100, 140];
const system = { samples: 1, inputs: 1, X: Float64Array.of(1), y: Float64Array.of(1) };

interface Output {
  x: number;
  y: number;
}

/**
 * The output of one diagonal network of degree D on its exact flow to 1: from weights alpha, and from weights 1 with the output times
 * alpha_out = alpha^D on the loss over alpha_out^2. The second one's weights move as the first one's, over alpha, in time
 * t alpha_out^(2/D - 2).
 */
export function bothScales(alpha: number): { weights: Output[]; output: Output[]; pace: number } {
  const pace = (alpha ** degree) ** (2 / degree - 2);
  const times = range(records + 1).map((k) => first * (last / first) ** (k / records));
  const flow = (at: readonly number[]) =>
    dualFlow(system, { alpha, depth: degree }, { times: at }).records.map(({ beta }) => beta[0]);
  const [weights, output] = [flow(times), flow(times.map((time) => time * pace))];
  const along = (values: readonly number[]) => values.map((y, k) => ({ x: times[k], y }));
  return { weights: along(weights), output: along(output), pace };
}

export const outputScale = defineExplanation<{ alpha: Slider; shared: Switch }>(
  {
    id: "output-scale",
    title: "Homogeneity and output scale",
    caption:
      "A model of degree D, such as a network of D layers without biases, answers to weights that are α times as large by an output that is αᴰ times as large. So scaling the initial weights by α, and scaling the output by αᴰ while the loss is divided by the square of that, is one path of outputs: both are kernel or rich together, and only the clock differs, by a factor that grows or shrinks with α. A diagonal network of depth 3 and one input, on its exact flow to 1.",
    controls: () => ({
      alpha: sliderOf(alphas),
      shared: { kind: "switch", label: "Each on the clock of the first", initial: false },
    }),
    draw(_, frame, settings) {
      const { theme } = frame;
      const alpha = valueOf(alphas, settings.alpha);
      const { weights, output, pace } = bothScales(alpha);
      const [solid, dashed] = theme.categories;
      const moved = settings.shared ? output.map(({ x, y }) => ({ x: x * pace, y })) : output;
      const shown = moved.filter(({ x }) => x >= first && x <= last);
      return drawChart(
        {
          label: `Outputs over time with weights and with the output scaled, alpha ${formatNumber(alpha, 2)}`,
          x: {
            title: settings.shared ? "time of the first" : "time of each",
            type: "log",
            domain: [first, last],
          },
          y: { title: "output", type: "linear", domain: [0, 1] },
          legend: [
            {
              entries: [
                { label: "weights × α", colour: solid, mark: "line" },
                { label: "output × α³, loss / α⁶", colour: dashed, mark: "dashed" },
              ],
            },
          ],
          marks: [
            Plot.line(weights, { x: "x", y: "y", stroke: solid, strokeWidth: 2.5 }),
            Plot.line(shown, { x: "x", y: "y", stroke: dashed, strokeWidth: 2.5, strokeDasharray: "5,4" }),
            ...pointed(
              [
                ...weights.map((point) => ({ ...point, name: "weights" })),
                ...shown.map((point) => ({ ...point, name: "output" })),
              ],
              {
                text: ({ x, y, name }) =>
                  `${name} scaled\nt = ${formatNumber(x, 3)}\noutput ${formatNumber(y, 3)}`,
                colour: ({ name }) => (name === "weights" ? solid : dashed),
                theme,
                line: ({ name }) => name,
              },
            ),
          ],
          notes: [`The second clock runs ${formatNumber(1 / pace, 3)} times as long.`],
        },
        frame,
      );
    },
    data(_, settings) {
      const { weights, output } = bothScales(valueOf(alphas, settings.alpha));
      return {
        rows: weights.length,
        columns: {
          time: Float64Array.from(weights, ({ x }) => x),
          weights: Float64Array.from(weights, ({ y }) => y),
          output: Float64Array.from(output, ({ y }) => y),
        },
      };
    },
  },
  "f(αw) = α^{D} f(w);  v = αw:  v′ = −a^{2/D − 2} ∇L(f(v)),  a = α^{D} the output’s scale",
  [lazyTraining],
);

/** The critical scale of every trial against the number of hidden layers. */

import * as Plot from "@observablehq/plot";
import { type Critical, criticalScales } from "../../src/results/critical-scale.ts";
import { estimate } from "../../src/results/estimate.ts";
import type { Table } from "../../src/document/table.ts";
import { hasTrials, layersPath, settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { type Choice, defineFigure, type Frame } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { axisTitle } from "./trial-labels.ts";

const factors = ["2", "3", "5"];

type Controls = { scale: Choice; factor: Choice };

export const criticalScaleAgainstDepth = defineFigure<Controls>({
  id: "critical-scale-against-depth",
  title: "Critical scale against the number of hidden layers",
  caption:
    "The largest scale of initialization whose test loss is within a factor of the best over all scales: what it takes to train in the rich regime. Of the weights it is one thing, of the output, their (k + 1)-th power, another.",
  needs: ["test_loss"],
  shows: (results) =>
    hasTrials(results) &&
    ["init.alpha", layersPath].every((path) => settingPaths(results).includes(path)) &&
    settingPaths(results).length === 2,
  controls: () => ({
    scale: {
      kind: "choice",
      label: "Scale",
      options: [
        { value: "alpha", label: "of the weights, α" },
        { value: "output", label: "of the output, αᵏ⁺¹" },
      ],
      initial: "alpha",
    },
    factor: {
      kind: "choice",
      label: "Within a factor of",
      options: factors.map((value) => ({ value, label: value })),
      initial: factors[0],
    },
  }),
  draw,
  data: (results, { factor }) => table(criticalScales(results, Number(factor))),
});

function draw(
  results: Results,
  frame: Frame,
  { scale, factor }: { scale: string; factor: string },
): SVGSVGElement {
  const { theme } = frame;
  const name = scale === "output" ? "output" : "alpha";
  const trials = criticalScales(results, Number(factor)).map((critical) => ({
    ...critical,
    x: critical.layers,
    y: critical[name],
  }));
  const depths = [...new Set(trials.map(({ layers }) => layers))].sort((a, b) => a - b);
  const means = depths.map((layers) => {
    const { mean, margin } = estimate(
      trials.filter((trial) => trial.layers === layers).map(({ y }) => Math.log(y)),
    );
    return { x: layers, y: Math.exp(mean), low: Math.exp(mean - margin), high: Math.exp(mean + margin) };
  });
  const bounds = trials.filter(({ isBound }) => isBound).length;
  return drawChart(
    {
      label: "Critical scale against the number of hidden layers, means over trials",
      x: {
        title: axisTitle(layersPath),
        type: "linear",
        domain: domainOf(depths, "linear", 0.08),
        ticks: depths,
      },
      y: {
        title: `critical ${name === "output" ? "scale of the output, αᵏ⁺¹" : "α"} (test loss within a factor of ${factor} of the best)`,
        type: "log",
        domain: domainOf(
          [...trials.map(({ y }) => y), ...means.flatMap(({ low, high }) => [low, high])],
          "log",
        ),
      },
      legend: [
        {
          entries: [
            { label: "mean", colour: theme.accent, mark: "line" },
            { label: "95% interval of the mean", colour: theme.accent, mark: "band" },
            { label: "a trial", colour: theme.muted, mark: "ring" },
          ],
        },
      ],
      marks: [
        Plot.areaY(means, { x: "x", y1: "low", y2: "high", fill: theme.accent, fillOpacity: 0.18 }),
        Plot.line(means, { x: "x", y: "y", stroke: theme.accent, strokeWidth: 1.75 }),
        Plot.dot(trials, {
          x: "x",
          y: "y",
          r: 3,
          fill: theme.background,
          stroke: theme.muted,
          strokeWidth: 1.25,
        }),
        Plot.dot(means, { x: "x", y: "y", r: 4, fill: theme.accent }),
        ...pointed(trials, {
          text: ({ layers, alpha, output, trial }) =>
            [
              `k = ${layers}, seeds ${trial}`,
              `α = ${formatNumber(alpha)}`,
              `αᵏ⁺¹ = ${formatNumber(output)}`,
            ].join("\n"),
          colour: () => theme.accent,
          theme,
        }),
      ],
      notes: [
        `Means of logarithms over ${plural(new Set(trials.map(({ trial }) => trial)).size, "trial")} of each depth.`,
        ...(bounds > 0
          ? [`In ${plural(bounds, "trial")} no scale of the sweep is too large: the largest stands for it.`]
          : []),
      ],
    },
    frame,
  );
}

function table(trials: readonly Critical[]): Table {
  return {
    rows: trials.length,
    columns: {
      layers: Int32Array.from(trials, ({ layers }) => layers),
      seeds: trials.map(({ trial }) => trial),
      alpha: Float64Array.from(trials, ({ alpha }) => alpha),
      output: Float64Array.from(trials, ({ output }) => output),
    },
  };
}

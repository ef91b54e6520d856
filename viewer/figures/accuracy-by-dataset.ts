/** Test accuracy of every initialization on every dataset: what means over initializations of one dataset leave out. */

import * as Plot from "@observablehq/plot";
import { group } from "d3";
import type { Table } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { catalogue } from "../../src/quantities/catalogue.ts";
import { drawChart, pointed } from "./chart.ts";
import { estimate } from "../../src/results/estimate.ts";
import { domainOf } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { numberAt, sweptPaths } from "../../src/results/run-rows.ts";
import { hasDiverged, runLabel } from "./runs.ts";
import { settingPaths } from "../../src/results/trials.ts";

const dataPath = "data.seed";
const quantity = "test_accuracy";

interface Point {
  row: number;
  x: number;
  y: number;
}

const pointsOf = (results: Results): Point[] =>
  Array.from({ length: results.runs.rows }, (_, row) => ({
    row,
    x: numberAt(results.runs.columns[dataPath], row),
    y: numberAt(results.runs.columns[quantity], row),
  })).filter(({ row, y }) => !hasDiverged(results, row) && Number.isFinite(y));

export const accuracyByDataset = defineFigure({
  id: "accuracy-by-dataset",
  title: "Test accuracy, dataset by dataset",
  caption:
    "Every initialization on every dataset. Where the datasets' means scatter more than their intervals, one dataset says little about the next, however many initializations it is given.",
  needs: [quantity],
  // Datasets crossed with initializations, and nothing else.
  shows: (results) =>
    sweptPaths(results).includes(dataPath) &&
    settingPaths(results).length === 0 &&
    new Set(results.runs.columns[dataPath] as Iterable<number>).size < results.runs.rows,
  controls: () => ({}),
  draw,
  data: table,
});

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf(results);
  const means = Array.from(
    group(points, ({ x }) => x),
    ([x, own]) => {
      const { mean, margin } = estimate(own.map(({ y }) => y));
      return { x, y: mean, low: mean - margin, high: mean + margin };
    },
  );
  const whole = estimate(means.map(({ y }) => y));
  return drawChart(
    {
      label: "Test accuracy of every initialization, by dataset",
      x: {
        title: "data seed",
        type: "linear",
        domain: domainOf(
          points.map(({ x }) => x),
          "linear",
          0.06,
        ),
        ticks: means.map(({ x }) => x),
      },
      y: {
        title: catalogue[quantity].symbol,
        type: "linear",
        domain: domainOf(
          [...points.map(({ y }) => y), ...means.flatMap(({ low, high }) => [low, high])],
          "linear",
        ),
      },
      legend: [
        {
          entries: [
            { label: "an initialization", colour: theme.muted, mark: "ring" },
            { label: "a dataset's mean, its 95% interval", colour: theme.accent, mark: "dot" },
            { label: "mean over datasets, its 95% interval", colour: theme.categories[1], mark: "band" },
          ],
        },
      ],
      marks: [
        Plot.rectY([whole], {
          y1: ({ mean, margin }: typeof whole) => mean - margin,
          y2: ({ mean, margin }: typeof whole) => mean + margin,
          fill: theme.categories[1],
          fillOpacity: 0.18,
        }),
        Plot.ruleY([whole.mean], { stroke: theme.categories[1], strokeWidth: 1.5 }),
        Plot.dot(points, { x: "x", y: "y", r: 2.5, stroke: theme.muted, strokeOpacity: 0.7 }),
        Plot.ruleX(means, { x: "x", y1: "low", y2: "high", stroke: theme.accent, strokeWidth: 2.5 }),
        Plot.dot(means, { x: "x", y: "y", r: 4.5, fill: theme.accent }),
        ...pointed(points, {
          text: ({ row, y }) => [runLabel(results, row), formatNumber(y)].join("\n"),
          colour: () => theme.accent,
          theme,
          runs: ({ row }) => [numberAt(results.runs.columns.run, row)],
        }),
      ],
      notes: [
        `${plural(means.length, "dataset")}: their means have a standard deviation of ${formatNumber(whole.deviation, 2)}.`,
      ],
    },
    frame,
  );
}

function table(results: Results): Table {
  const points = pointsOf(results);
  return {
    rows: points.length,
    columns: {
      run: Int32Array.from(points, ({ row }) => row),
      dataset: Float64Array.from(points, ({ x }) => x),
      [quantity]: Float64Array.from(points, ({ y }) => y),
    },
  };
}

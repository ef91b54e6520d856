/** The first coordinates of the predictors that runs ended with, beside those of beta*. */

import * as Plot from "@observablehq/plot";
import { evenly } from "../../src/results/evenly.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { type Family, familiesOf, familyNotes, truePredictor } from "./exact-limits.ts";
import { domainOf } from "./extent.ts";
import { type Choice, defineFigure, type Frame } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { lineColours } from "./line-colours.ts";
import { hasDiverged, numberAt, sweptPaths } from "./runs.ts";

const alphaPath = "init.alpha";
const shown = 10;
/** More alphas than this do not stand side by side. */
const mostAlphas = 8;
/** Share of a coordinate's place that its points take. */
const spread = 0.7;

interface Point {
  x: number;
  y: number;
  coordinate: number;
  alpha: number;
  converged: boolean;
}

export const leadingCoordinates = defineFigure<{ family: Choice }>({
  id: "leading-coordinates",
  title: "The first ten coordinates of β",
  caption:
    "What each run found of the true predictor β*: small α finds its few entries, large α spreads them over all inputs.",
  needs: [],
  arrays: ["predictor"],
  shows: (results) => sweptPaths(results).includes(alphaPath) && familiesWithTruth(results).length > 0,
  controls(results) {
    const families = familiesWithTruth(results);
    return {
      family: {
        kind: "choice",
        label: "Data",
        options: families.map(({ index, label }) => ({ value: String(index), label: label || "the data" })),
        initial: String(families[families.length >> 1].index),
      },
    };
  },
  draw,
  data(results, { family }) {
    const { points, betaStar } = gather(results, Number(family));
    return {
      rows: points.length,
      columns: {
        alpha: Float64Array.from(points, ({ alpha }) => alpha),
        coordinate: Int32Array.from(points, ({ coordinate }) => coordinate + 1),
        beta: Float64Array.from(points, ({ y }) => y),
        "beta*": Float64Array.from(points, ({ coordinate }) => betaStar[coordinate]),
      },
    };
  },
});

const familiesWithTruth = (results: Results): (Family & { index: number })[] =>
  familiesOf(results).flatMap((family, index) =>
    truePredictor(results, family) ? [{ ...family, index }] : [],
  );

function gather(results: Results, index: number): { points: Point[]; betaStar: Float64Array; all: number } {
  const family = familiesOf(results)[index];
  const betaStar = truePredictor(results, family)!;
  const { shape, data } = results.arrays.predictor!;
  // Of a matrix, all its entries.
  const inputs = data.length / shape[0];
  const alpha = (row: number) => numberAt(results.runs.columns[alphaPath], row);
  // In a page that trains, a run has no predictor before its end.
  const rows = family.rows
    .filter((row) => !hasDiverged(results, row) && Number.isFinite(data[row * inputs]))
    .sort((a, b) => alpha(a) - alpha(b));
  const kept = evenly(rows, mostAlphas);
  const points = kept.flatMap((row, k) =>
    Array.from({ length: Math.min(shown, betaStar.length) }, (_, coordinate) => ({
      x: coordinate + 1 + spread * ((k + 0.5) / kept.length - 0.5),
      y: data[row * inputs + coordinate],
      coordinate,
      alpha: alpha(row),
      converged: results.runs.columns.status[row] === "converged",
    })),
  );
  return { points: points.filter(({ y }) => Number.isFinite(y)), betaStar, all: rows.length };
}

function draw(results: Results, frame: Frame, { family }: { family: string }): SVGSVGElement {
  const { theme } = frame;
  const { points, betaStar, all } = gather(results, Number(family));
  const alphas = [...new Set(points.map(({ alpha }) => alpha))];
  const { ofValue: colourOf } = lineColours(results, alphaPath, theme);
  const truth = Array.from(betaStar.subarray(0, shown), (y, k) => ({ x1: k + 0.6, x2: k + 1.4, y }));
  const unconverged = points.filter(({ converged }) => !converged);
  return drawChart(
    {
      label: "The first coordinates of the predictors",
      x: { title: "coordinate", type: "linear", domain: [0.5, truth.length + 0.5] },
      y: {
        title: "βᵢ",
        type: "linear",
        domain: domainOf(
          [...points, ...truth].map(({ y }) => y),
          "linear",
        ),
      },
      legend: [
        {
          title: "α",
          entries: alphas.map((alpha) => ({
            label: formatNumber(alpha),
            colour: colourOf(alpha),
            mark: "dot",
          })),
        },
        {
          entries: [
            { label: "β*", colour: theme.text, mark: "line" },
            ...(unconverged.length > 0
              ? [{ label: "ended before converging", colour: theme.muted, mark: "ring" } as const]
              : []),
          ],
        },
      ],
      marks: [
        Plot.ruleY([0], { stroke: theme.muted, strokeWidth: 0.75 }),
        Plot.link(truth, { x1: "x1", x2: "x2", y1: "y", y2: "y", stroke: theme.text, strokeWidth: 2 }),
        Plot.dot(
          points.filter(({ converged }) => converged),
          { x: "x", y: "y", r: 3, fill: ({ alpha }: Point) => colourOf(alpha) },
        ),
        Plot.dot(unconverged, {
          x: "x",
          y: "y",
          r: 3,
          fill: theme.background,
          stroke: ({ alpha }: Point) => colourOf(alpha),
          strokeWidth: 1.5,
        }),
        ...pointed(points, {
          text: ({ coordinate, alpha, y }) =>
            [
              `α = ${formatNumber(alpha)}, coordinate ${coordinate + 1}`,
              `β = ${formatNumber(y)}, β* = ${formatNumber(betaStar[coordinate])}`,
            ].join("\n"),
          colour: ({ alpha }) => colourOf(alpha),
          theme,
        }),
      ],
      notes: [
        ...familyNotes(results, Number(family)),
        ...(all > mostAlphas ? [`${mostAlphas} of ${plural(all, "run")} are drawn.`] : []),
      ],
    },
    frame,
  );
}

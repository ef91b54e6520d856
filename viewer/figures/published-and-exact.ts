/** The thesis's Figures 7 and 8 as they are published, beside what they should be held against. */

import * as Plot from "@observablehq/plot";
import { generatedData } from "./generated-data.ts";
import { drawChart, pointed } from "./chart.ts";
import { type Family, familiesOf, limitsOf } from "./exact-limits.ts";
import { domainOf } from "./extent.ts";
import { type Choice, defineFigure, type Frame, type Switch } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { quantitySymbol } from "./over-training.ts";
import { drawPanels } from "./panels.ts";
import { documentValue, hasDiverged, numberAt, sweptPaths } from "./runs.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { biasMinimizer } from "../../src/theory/bias-minimizer.ts";
import { populationErrors, solutionDistances } from "../../src/theory/predictor-distances.ts";

const quantities = ["min_l1_distance", "excess_l1", "population_l1"] as const;
type Quantity = (typeof quantities)[number];
const alphaPath = "init.alpha";
const samplesPath = "data.samples";
/** More families are no figure of the thesis. */
const mostFamilies = 6;
/** N^2 n of the largest family whose minimum-l1 solution a page computes while it is looked at. */
const mostWork = 2e7;

interface Point {
  x: number;
  y: number;
  family: number;
  converged: boolean;
}

/** Which panel a point is in, and whether it is a limit. */
interface Series {
  published: Point[];
  own: Point[];
  limits: Point[];
}

/** The minimum-l1 solution to 1e-10, without a linear program: the minimizer of Q^3 at a tiny alpha. */
const solutionOf = (dataset: Dataset): Float64Array => biasMinimizer(dataset, { depth: 3, alpha: 1e-8 }).beta;

const solutions = new WeakMap<Dataset, Float64Array>();

function knownSolution(dataset: Dataset): Float64Array {
  const solution = solutions.get(dataset) ?? solutionOf(dataset);
  solutions.set(dataset, solution);
  return solution;
}

const datasetOf = (results: Results, { rows }: Family): Dataset | undefined =>
  generatedData(specifiedRuns(results)[rows[0]]);

/** All curves of the published figure are held against the solution of this one. */
const middle = (families: readonly unknown[]): number => families.length >> 1;

function measure(
  quantity: Quantity,
  beta: ArrayLike<number>,
  dataset: Dataset,
  solution: Float64Array,
): number {
  if (quantity === "population_l1") return populationErrors(beta, dataset.betaStar!).population_l1;
  return solutionDistances(beta, { minimumL1: solution, minimumL2: solution })[quantity];
}

function seriesOf(results: Results, quantity: Quantity, oneSolution: boolean): Series {
  const { columns } = results.runs;
  const { shape, data } = results.arrays.predictor!;
  const families = familiesOf(results);
  const datasets = families.map((family) => datasetOf(results, family)!);
  const shared = knownSolution(datasets[middle(datasets)]);
  const ends = (value: (row: number, family: number) => number): Point[] =>
    families.flatMap(({ rows }, family) =>
      rows
        .filter((row) => !hasDiverged(results, row))
        .map((row) => ({
          x: numberAt(columns[alphaPath], row),
          y: value(row, family),
          family,
          converged: columns.status[row] === "converged",
        }))
        .filter(({ y }) => Number.isFinite(y))
        .sort((left, right) => left.x - right.x),
    );
  const own = ends((row) => numberAt(columns[quantity], row));
  const predictor = (row: number) => data.subarray(row * shape[1], (row + 1) * shape[1]);
  return {
    published: oneSolution
      ? ends((row, family) => measure(quantity, predictor(row), datasets[family], shared))
      : own,
    own,
    limits: families.flatMap((family, k) =>
      (limitsOf(results, family) ?? []).map(({ alpha, beta }) => ({
        x: alpha,
        y: measure(quantity, beta, datasets[k], knownSolution(datasets[k])),
        family: k,
        converged: true,
      })),
    ),
  };
}

function shows(results: Results): boolean {
  const paths = sweptPaths(results);
  if (documentValue(results, "train", "method") !== "gradient-descent") return false;
  if (!paths.includes(alphaPath) || !paths.includes(samplesPath)) return false;
  const families = familiesOf(results);
  return (
    families.length > 1 &&
    families.length <= mostFamilies &&
    families.every((family) => {
      const dataset = datasetOf(results, family);
      return (
        dataset?.betaStar !== undefined &&
        dataset.samples < dataset.inputs &&
        dataset.samples ** 2 * dataset.inputs <= mostWork &&
        limitsOf(results, family) !== undefined
      );
    })
  );
}

const labels: Record<Quantity, string> = {
  min_l1_distance: "l1 distance (7a)",
  excess_l1: "excess l1 norm (7b)",
  population_l1: "l1 population error (8)",
};

export const publishedAndExact = defineFigure<{ quantity: Choice; oneSolution: Switch }>({
  id: "published-and-exact",
  title: "Sparse regression as published, and against the exact limits",
  caption:
    "Left, where minibatch descent ended, as the thesis's Figures 7 and 8 show it; right, the same runs with what they have not reached: hollow points ended before converging, and where gradient flow ends is the curve.",
  needs: quantities,
  arrays: ["predictor"],
  shows,
  wide: true,
  controls: (results) => ({
    quantity: {
      kind: "choice",
      label: "Quantity",
      options: quantities.map((value) => ({ value, label: labels[value] })),
      initial: quantities[0],
    },
    oneSolution: { kind: "switch", label: sharedLabel(results), initial: true },
  }),
  draw,
  data(results, { quantity, oneSolution }) {
    const families = familiesOf(results);
    const { published, own, limits } = seriesOf(results, quantity as Quantity, oneSolution);
    const rows = [
      ...published.map((point) => ({ ...point, from: "as published" })),
      ...own.map((point) => ({ ...point, from: "own solution" })),
      ...limits.map((point) => ({ ...point, from: "exact limit" })),
    ];
    return {
      rows: rows.length,
      columns: {
        setting: rows.map(({ family }) => families[family].label),
        alpha: Float64Array.from(rows, ({ x }) => x),
        [quantity]: Float64Array.from(rows, ({ y }) => y),
        from: rows.map(({ from }) => from),
      },
    };
  },
});

function sharedLabel(results: Results): string {
  const families = familiesOf(results);
  return `one minimum-l1 solution for all, that of ${families[middle(families)].label}, as published`;
}

function draw(
  results: Results,
  frame: Frame,
  { quantity: name, oneSolution }: { quantity: string; oneSolution: boolean },
): SVGSVGElement {
  const quantity = name as Quantity;
  const { theme } = frame;
  const families = familiesOf(results);
  const { published, own, limits } = seriesOf(results, quantity, oneSolution);
  const colour = ({ family }: { family: number }) => theme.categories[family];
  const unconverged = own.filter(({ converged }) => !converged);
  const all = [...published, ...own, ...limits];
  const axes = {
    x: {
      title: "α",
      type: "log" as const,
      domain: domainOf(
        all.map(({ x }) => x),
        "log",
      ),
    },
    y: {
      title: quantitySymbol(quantity),
      type: "linear" as const,
      domain: domainOf([0, ...all.map(({ y }) => y)], "linear"),
    },
  };
  const legend = {
    entries: families.map(({ label }, family) => ({
      label,
      colour: colour({ family }),
      mark: "area" as const,
    })),
  };
  const line = { x: "x", y: "y", z: "family", stroke: colour };
  const described = (points: Point[], where: string) =>
    pointed(points, {
      text: ({ x, y, family }) =>
        [
          families[family].label,
          `α = ${formatNumber(x)}`,
          `${quantitySymbol(quantity)} = ${formatNumber(y)}`,
          where,
        ].join("\n"),
      colour,
      theme,
    });
  const isShared = oneSolution && quantity !== "population_l1";
  return drawPanels(
    "Sparse regression as published, and against the exact limits",
    [
      {
        title: "As published",
        draw: (panel) =>
          drawChart(
            {
              label: "Where minibatch descent ended",
              ...axes,
              legend: [legend],
              marks: [
                Plot.ruleY([0], { stroke: theme.muted, strokeWidth: 0.75 }),
                Plot.line(published, { ...line, strokeWidth: 1.75 }),
                Plot.dot(published, { x: "x", y: "y", r: 3, fill: colour }),
                ...described(published, "where descent ended"),
              ],
              notes: [
                isShared
                  ? `Every curve is held against the minimum-l1 solution of ${families[middle(families)].label}.`
                  : "Every curve is held against its own data's solution.",
              ],
            },
            panel,
          ),
      },
      {
        title: "Against the exact limits",
        draw: (panel) =>
          drawChart(
            {
              label: "Where minibatch descent ended, and where gradient flow ends",
              ...axes,
              legend: [
                legend,
                {
                  entries: [
                    { label: "exact limit", colour: theme.muted, mark: "line" },
                    { label: "not converged", colour: theme.muted, mark: "ring" },
                  ],
                },
              ],
              marks: [
                Plot.ruleY([0], { stroke: theme.muted, strokeWidth: 0.75 }),
                Plot.line(limits, { ...line, strokeWidth: 1.75, curve: "monotone-x" }),
                Plot.dot(
                  own.filter(({ converged }) => converged),
                  { x: "x", y: "y", r: 3, fill: colour },
                ),
                Plot.dot(unconverged, {
                  x: "x",
                  y: "y",
                  r: 3,
                  fill: theme.background,
                  stroke: colour,
                  strokeWidth: 1.5,
                }),
                ...described(own, "where descent ended"),
              ],
              notes: [
                "Every curve is held against its own data's solution. What hollow points show is early stopping.",
              ],
            },
            panel,
          ),
      },
    ],
    frame,
  );
}

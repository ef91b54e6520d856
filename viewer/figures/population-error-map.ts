/** Population error over alpha and time, with the limit at infinite time beside: what is early stopping, and what the limit. */

import * as Plot from "@observablehq/plot";
import type { Results } from "../../src/results/types.ts";
import { populationErrors } from "../../src/theory/predictor-distances.ts";
import { drawChart, pointed } from "./chart.ts";
import { familiesOf, familyNotes, limitsOf, truePredictor } from "./exact-limits.ts";
import { type Choice, defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { axisTitles } from "./line-points.ts";
import { quantitySymbol } from "./over-training.ts";
import { hasDiverged, historyRows, numberAt, sweptPaths, sampleNotes } from "./runs.ts";

const quantity = "population_l1";
const alphaPath = "init.alpha";
/** Fewer rows are no map. */
const fewestAlphas = 3;
/** Cells across the time axis. */
const columns = 120;

/** A piece of one run: between two of the map's times, at one alpha. */
interface Cell {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  error: number;
}

/** A run's least error, or its limit's. */
interface Mark {
  x: number;
  y: number;
  error: number;
}

interface PopulationMap {
  cells: Cell[];
  limits: (Cell & Mark)[];
  least: Mark[];
  time: [number, number];
  alpha: [number, number];
}

interface Row {
  alpha: number;
  times: number[];
  errors: number[];
}

export const populationErrorMap = defineFigure<{ family: Choice }>({
  id: "population-error-map",
  title: "Population error over α and time",
  caption:
    "The l1 distance to β* while runs train, a row a run, and on the right where gradient flow ends. Where a row is darkest before its end, early stopping finds β*, and the limit loses it again to the noise.",
  needs: [quantity],
  shows: (results) => sweptPaths(results).includes(alphaPath) && familiesWithMap(results).length > 0,
  controls(results) {
    const families = familiesWithMap(results);
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
    const rows = rowsOf(results, Number(family));
    const entries = rows.flatMap(({ alpha, times, errors }) =>
      times.map((time, k) => ({ alpha, time, error: errors[k] })),
    );
    return {
      rows: entries.length,
      columns: {
        alpha: Float64Array.from(entries, ({ alpha }) => alpha),
        time: Float64Array.from(entries, ({ time }) => time),
        [quantity]: Float64Array.from(entries, ({ error }) => error),
      },
    };
  },
});

const familiesWithMap = (results: Results): { index: number; label: string }[] =>
  familiesOf(results).flatMap(({ label }, index) =>
    isMap(rowsOf(results, index)) ? [{ index, label }] : [],
  );

const isMap = (rows: Row[]): boolean =>
  rows.length >= fewestAlphas && rows.some(({ times }) => times.length > 1);

/** The family's runs that have a place on log axes, alpha increasing, one for each alpha. */
function rowsOf(results: Results, family: number): Row[] {
  const { time, [quantity]: error } = results.history.columns;
  const own = familiesOf(results)[family]?.rows ?? [];
  const rows = new Map<number, Row>();
  for (const row of own) {
    const alpha = numberAt(results.runs.columns[alphaPath], row);
    if (!(alpha > 0) || hasDiverged(results, row) || rows.has(alpha)) continue;
    const records = Array.from(historyRows(results)[row]).filter(
      (record) => numberAt(time, record) > 0 && numberAt(error, record) > 0,
    );
    if (records.length === 0) continue;
    rows.set(alpha, {
      alpha,
      times: records.map((record) => numberAt(time, record)),
      errors: records.map((record) => numberAt(error, record)),
    });
  }
  return [...rows.values()].sort((a, b) => a.alpha - b.alpha);
}

function mapOf(results: Results, family: number): PopulationMap {
  const rows = rowsOf(results, family);
  const start = Math.min(...rows.map(({ times }) => times[0]));
  const end = Math.max(...rows.map(({ times }) => times.at(-1)!));
  const edges = Array.from({ length: columns + 1 }, (_, k) => start * (end / start) ** (k / columns));
  const bounds = rowEdges(rows.map(({ alpha }) => alpha));
  // The limits stand apart from the last time by a little, and are as wide as a few cells.
  const width = (end / start) ** 0.05;
  const [limitStart, limitEnd] = [end * Math.sqrt(width), end * width ** 1.5];
  const errors = limitErrors(results, family);
  return {
    cells: rows.flatMap((row, k) => cellsOf(row, edges, bounds[k], bounds[k + 1])),
    limits: rows.flatMap(({ alpha }, k) => {
      const error = errors?.(alpha);
      return error === undefined
        ? []
        : [
            {
              x1: limitStart,
              x2: limitEnd,
              x: Math.sqrt(limitStart * limitEnd),
              y: alpha,
              y1: bounds[k],
              y2: bounds[k + 1],
              error,
            },
          ];
    }),
    least: rows.map(({ alpha, times, errors: own }) => {
      const error = Math.min(...own);
      return { x: times[own.indexOf(error)], y: alpha, error };
    }),
    time: [start, errors ? limitEnd : end],
    alpha: [bounds[0], bounds.at(-1)!],
  };
}

/** Boundaries between rows, halfway in the logarithm. */
function rowEdges(alphas: number[]): number[] {
  const inner = alphas.slice(1).map((alpha, k) => Math.sqrt(alpha * alphas[k]));
  const last = alphas.length - 1;
  return [alphas[0] ** 2 / inner[0], ...inner, alphas[last] ** 2 / inner[last - 1]];
}

/** A run's errors on the map's times, each that of the record before; equal neighbours are one cell. */
function cellsOf({ times, errors }: Row, edges: number[], y1: number, y2: number): Cell[] {
  const cells: Cell[] = [];
  let record = 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    const middle = Math.sqrt(edges[k] * edges[k + 1]);
    if (middle < times[0]) continue;
    if (middle > times.at(-1)!) break;
    while (record + 1 < times.length && times[record + 1] <= middle) record++;
    const before = cells.at(-1);
    if (before?.error === errors[record]) before.x2 = edges[k + 1];
    else cells.push({ x1: edges[k], x2: edges[k + 1], y1, y2, error: errors[record] });
  }
  return cells;
}

/** The exact limit's error at an alpha of the runs. */
function limitErrors(results: Results, index: number): ((alpha: number) => number | undefined) | undefined {
  const family = familiesOf(results)[index];
  const limits = limitsOf(results, family);
  const betaStar = truePredictor(results, family);
  if (!limits || !betaStar) return undefined;
  const errors = new Map(
    limits.map(({ alpha, beta }) => [alpha, populationErrors(beta, betaStar).population_l1]),
  );
  return (alpha) => errors.get(alpha);
}

function draw(results: Results, frame: Frame, { family }: { family: string }): SVGSVGElement {
  const { theme } = frame;
  const { cells, limits, least, time, alpha } = mapOf(results, Number(family));
  const errors = [...cells, ...limits].map(({ error }) => error);
  const [low, high] = [Math.min(...errors), Math.max(...errors)];
  const place = (error: number) => (high > low ? Math.log(error / low) / Math.log(high / low) : 0.5);
  const colour = ({ error }: { error: number }) => theme.sequential(place(error));
  const box = { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: colour, stroke: colour, strokeWidth: 0.4 };
  return drawChart(
    {
      label: "Population error over alpha and time",
      x: { title: axisTitles.time, type: "log", domain: time },
      y: { title: "α", type: "log", domain: alpha },
      legend: [
        {
          title: quantitySymbol(quantity),
          entries: [],
          ramp: {
            colour: theme.sequential,
            labels: [
              { at: 0, label: formatNumber(low, 2) },
              { at: 1, label: formatNumber(high, 2) },
            ],
          },
        },
        { entries: [{ label: "least on the way", colour: theme.text, mark: "ring" }] },
      ],
      marks: [
        Plot.rect(cells, box),
        Plot.rect(limits, box),
        Plot.dot(least, {
          x: "x",
          y: "y",
          r: 4,
          fill: theme.background,
          stroke: theme.text,
          strokeWidth: 1.5,
        }),
        ...pointed([...least, ...limits], {
          text: ({ x, y, error }) =>
            [
              `α = ${formatNumber(y)}`,
              `${quantitySymbol(quantity)} = ${formatNumber(error)}`,
              limits.some((limit) => limit.x === x) ? "limit of gradient flow" : `t = ${formatNumber(x)}`,
            ].join("\n"),
          colour: () => theme.text,
          theme,
        }),
      ],
      notes: [
        ...familyNotes(results, Number(family)),
        (limits.length > 0 ? "The column apart, on the right, is the exact limit of gradient flow. " : "") +
          "Rows end where training did.",
        ...sampleNotes(results),
      ],
    },
    frame,
  );
}

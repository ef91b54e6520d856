/** Last values of a quantity against alpha, beside the exact limit of gradient flow. */

import * as Plot from "@observablehq/plot";
import type { Column, Table } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { type Family, familiesOf, type Limit, limitsOf } from "./exact-limits.ts";
import { domainOf, LeftOut, wantedAxis } from "./extent.ts";
import { defineFigure, type Figure, type Frame, type Switch } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { quantitySymbol } from "./over-training.ts";
import { hasDiverged, numberAt, runLabel, sweptPaths } from "./runs.ts";

export interface LimitFigure {
  id: string;
  title: string;
  caption: string;
  quantity: string;
  /** The quantity of a predictor of a family; undefined where the results do not tell. */
  measure(results: Results, family: Family): ((beta: Float64Array) => number) | undefined;
  /** What is to be recorded where they do not. */
  wants?: string;
}

interface Point {
  x: number;
  y: number;
  row: number;
  family: number;
  converged: boolean;
}

interface Curve {
  family: number;
  points: { x: number; y: number }[];
}

/** More families than this have no colours of their own. */
const mostFamilies = 6;
const alphaPath = "init.alpha";

export function limitFigure(figure: LimitFigure): Figure {
  const { id, title, caption, quantity } = figure;
  return defineFigure<{ logY: Switch }>({
    id,
    title,
    caption,
    needs: [quantity],
    shows: (results) => sweptPaths(results).includes(alphaPath),
    controls: (results) => ({
      logY: {
        kind: "switch",
        label: "log y",
        initial: wantedAxis(results.runs.columns[quantity] as Iterable<number>) === "log",
      },
    }),
    draw: (results, frame, { logY }) => draw(figure, results, frame, logY),
    brushes: () => alphaPath,
    data: (results) => table(figure, results),
  });
}

function curvesOf({ measure }: LimitFigure, results: Results, families: Family[]): Curve[] {
  if (families.length > mostFamilies) return [];
  return families.flatMap((family, index) => {
    const value = measure(results, family);
    const limits = value && limitsOf(results, family);
    if (!limits) return [];
    return [
      { family: index, points: limits.map(({ alpha, beta }: Limit) => ({ x: alpha, y: value(beta) })) },
    ];
  });
}

function draw(figure: LimitFigure, results: Results, frame: Frame, logY: boolean): SVGSVGElement {
  const { quantity, title } = figure;
  const { theme } = frame;
  const yType = logY ? "log" : "linear";
  const families = familiesOf(results);
  const leftOut = new LeftOut();
  const { points, diverged } = gather(results, quantity, families, (x, y) =>
    leftOut.admits(x, y, "log", yType),
  );
  const curves = curvesOf(figure, results, families).map(({ family, points: own }) => ({
    family,
    points: own.filter(({ y }) => !logY || y > 0),
  }));
  const single = families.length > mostFamilies || families.length === 1;
  const colour = (family: number) => theme.categories[single ? 0 : family];
  const drawn = curves.flatMap(({ points: own }) => own);
  const unconverged = points.filter(({ converged }) => !converged);
  const segments = points.flatMap((point, k) => {
    const next = points[k + 1];
    return next?.family === point.family &&
      !(point.converged && next.converged) &&
      families.length <= mostFamilies
      ? [[point, next]]
      : [];
  });
  const dots = { x: "x", y: "y", r: points.length > 200 ? 2 : 3.5 };
  return drawChart(
    {
      label: `${title}, last values and exact limits`,
      x: {
        title: "α",
        type: "log",
        domain: domainOf(
          [...points, ...drawn].map(({ x }) => x),
          "log",
        ),
      },
      y: {
        title: quantitySymbol(quantity),
        type: yType,
        domain: domainOf(
          [...points, ...drawn].map(({ y }) => y),
          yType,
        ),
      },
      legend: [
        {
          entries: single
            ? []
            : families.map(({ label }, family) => ({ label, colour: colour(family), mark: "area" })),
        },
        {
          entries: [
            ...(curves.length > 0
              ? [{ label: "limit of gradient flow, exact", colour: theme.muted, mark: "line" } as const]
              : []),
            ...(unconverged.length < points.length
              ? [{ label: "converged", colour: theme.muted, mark: "dot" } as const]
              : []),
            ...(unconverged.length > 0
              ? [
                  { label: "ended before converging", colour: theme.muted, mark: "ring" } as const,
                  { label: "on the way", colour: theme.muted, mark: "dashed" } as const,
                ]
              : []),
          ],
        },
      ],
      marks: [
        ...curves.map(({ family, points: own }) =>
          Plot.line(own, { x: "x", y: "y", stroke: colour(family), strokeWidth: 1.75, curve: "monotone-x" }),
        ),
        ...segments.map((segment) =>
          Plot.line(segment, {
            x: "x",
            y: "y",
            stroke: colour(segment[0].family),
            strokeWidth: 1.25,
            strokeDasharray: "4,3",
          }),
        ),
        Plot.dot(
          points.filter(({ converged }) => converged),
          { ...dots, fill: ({ family }: Point) => colour(family) },
        ),
        Plot.dot(unconverged, {
          ...dots,
          fill: theme.background,
          stroke: ({ family }: Point) => colour(family),
          strokeWidth: 1.5,
        }),
        ...pointed(points, {
          text: ({ row, y }) =>
            [
              runLabel(results, row),
              `${quantitySymbol(quantity)} = ${formatNumber(y)}`,
              String(results.runs.columns.status[row] ?? "not ended"),
            ].join("\n"),
          colour: ({ family }) => colour(family),
          theme,
          runs: ({ row }) => [numberAt(results.runs.columns.run, row)],
        }),
      ],
      notes: [
        ...(unconverged.length > 0
          ? ["Hollow: training ended on its way to the limit, and what is read there is early stopping."]
          : []),
        ...(families.length > mostFamilies
          ? [
              `Exact limits are drawn for at most ${mostFamilies} settings; these results have ${families.length}.`,
            ]
          : curves.length < families.length
            ? [whyMissing(figure, results, families)]
            : []),
        ...(diverged > 0 ? [`${plural(diverged, "diverged run")} left out.`] : []),
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

function whyMissing({ measure, wants }: LimitFigure, results: Results, families: Family[]): string {
  if (wants !== undefined && families.every((family) => !measure(results, family)))
    return `For the exact limit of gradient flow beside it, record ${wants}, too.`;
  return "Where a curve is missing, the limit is not known from the document alone, or too much to compute here.";
}

/** Points of every family, alpha increasing. */
function gather(
  results: Results,
  quantity: string,
  families: Family[],
  admits: (x: number, y: number) => boolean,
): { points: Point[]; diverged: number } {
  const { columns } = results.runs;
  let diverged = 0;
  const points = families.flatMap(({ rows }, family) => {
    const own: Point[] = [];
    for (const row of rows) {
      if (hasDiverged(results, row)) {
        diverged++;
        continue;
      }
      const [x, y] = [numberAt(columns[alphaPath], row), numberAt(columns[quantity], row)];
      if (admits(x, y)) own.push({ x, y, row, family, converged: columns.status[row] === "converged" });
    }
    return own.sort((a, b) => a.x - b.x);
  });
  return { points, diverged };
}

/** Measured values and limits, a row each. */
function table(figure: LimitFigure, results: Results): Table {
  const families = familiesOf(results);
  const { points } = gather(results, figure.quantity, families, () => true);
  const rows = [
    ...points.map(({ x, y, family, row }) => ({
      family,
      alpha: x,
      value: y,
      from: String(results.runs.columns.status[row]),
    })),
    ...curvesOf(figure, results, families).flatMap(({ family, points: own }) =>
      own.map(({ x, y }) => ({ family, alpha: x, value: y, from: "exact limit" })),
    ),
  ];
  const columns: Record<string, Column> = {
    setting: rows.map(({ family }) => families[family].label),
    alpha: Float64Array.from(rows, ({ alpha }) => alpha),
    [figure.quantity]: Float64Array.from(rows, ({ value }) => value),
    from: rows.map(({ from }) => from),
  };
  return { rows: rows.length, columns };
}

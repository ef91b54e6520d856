/** Last values of quantities against alpha, on log-log axes, with the slope of their power law. */

import * as Plot from "@observablehq/plot";
import type { Column, Table } from "../../src/document/table.ts";
import { otherPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { firstOnPixels } from "./crowd.ts";
import { domainOf, LeftOut } from "./extent.ts";
import { defineFigure, type Figure, type Frame, type Slider } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { LegendMark } from "./legend.ts";
import { quantitySymbol } from "./over-training.ts";
import { fitPowerLaw, type PowerLaw, straightFrom, valueAt } from "../../src/results/power-law.ts";
import { hasDiverged, numberAt, runLabel, stopsEarly, sweptPaths } from "./runs.ts";

const alphaPath = "init.alpha";
/** More points than this are small and pale, and share pixels. */
const crowd = 200;

export interface AlphaFigure {
  id: string;
  title: string;
  caption: string;
  /** The first must be recorded; the others are drawn where they are. */
  quantities: [string, ...string[]];
}

interface Point {
  row: number;
  x: number;
  y: number;
  quantity: string;
}

export function alphaFigure({ id, title, caption, quantities }: AlphaFigure): Figure {
  const recorded = (results: Results) => quantities.filter((name) => name in results.runs.columns);
  return defineFigure<{ from: Slider }>({
    id,
    title,
    caption,
    needs: [quantities[0]],
    shows: (results) =>
      sweptPaths(results).includes(alphaPath) &&
      alphas(results).length > 1 &&
      // Different models have no slope in common.
      !otherPaths(results, alphaPath).some((path) => path.startsWith("model.")),
    controls: (results) => fitControls(results, recorded(results)),
    draw: (results, frame, { from }) => draw(title, results, frame, recorded(results), alphas(results)[from]),
    data: (results) => lastValues(results, recorded(results)),
  });
}

/** Distinct values of alpha, increasing. */
const alphas = (results: Results): number[] =>
  [...new Set(results.runs.columns[alphaPath] as Iterable<number>)].sort((a, b) => a - b);

function fitControls(results: Results, quantities: string[]): { from: Slider } {
  const values = alphas(results);
  const { points } = gather(results, quantities);
  const starts = quantities.map(
    (name) => straightFrom(points.filter(({ quantity }) => quantity === name)) ?? values[0],
  );
  return {
    from: {
      kind: "slider",
      label: "Fit from α =",
      positions: values.length,
      initial: Math.max(0, values.indexOf(Math.max(...starts))),
      show: (position) => formatNumber(values[position]),
    },
  };
}

/** The points that have a place on log-log axes. */
function gather(
  results: Results,
  quantities: string[],
): { points: Point[]; diverged: number; leftOut: LeftOut } {
  const alpha = results.runs.columns[alphaPath] as ArrayLike<number>;
  const leftOut = new LeftOut();
  const points: Point[] = [];
  let diverged = 0;
  for (let row = 0; row < results.runs.rows; row++) {
    if (hasDiverged(results, row)) {
      diverged++;
      continue;
    }
    for (const quantity of quantities) {
      const y = numberAt(results.runs.columns[quantity], row);
      if (leftOut.admits(alpha[row], y, "log", "log")) points.push({ row, x: alpha[row], y, quantity });
    }
  }
  return { points, diverged, leftOut };
}

function draw(
  title: string,
  results: Results,
  frame: Frame,
  quantities: string[],
  from: number,
): SVGSVGElement {
  const { theme } = frame;
  const { points, diverged, leftOut } = gather(results, quantities);
  const colour = (quantity: string) => theme.categories[quantities.indexOf(quantity)];
  const laws = new Map<string, PowerLaw>();
  for (const quantity of quantities) {
    const law = fitPowerLaw(points.filter((point) => point.quantity === quantity && point.x >= from));
    if (law) laws.set(quantity, law);
  }
  const marks = new Map(points.map((point) => [point, markOf(results, point)]));
  const ringed = [...marks.values()].includes("ring");
  const crowded = points.length > crowd;
  const lines = [...laws].flatMap(([quantity, law]) =>
    [law.from, law.to].map((x) => ({ x, y: valueAt(law, x), quantity })),
  );
  const x = domainOf(
    points.map(({ x }) => x),
    "log",
  );
  const y = domainOf(
    [...points, ...lines].map(({ y }) => y),
    "log",
  );
  const pixels = frame.width;
  const drawn = crowded
    ? firstOnPixels(
        points,
        { x: { type: "log", domain: x, pixels }, y: { type: "log", domain: y, pixels } },
        (point) => `${point.quantity} ${marks.get(point)}`,
      )
    : points;
  return drawChart(
    {
      label: `${title}, last values against alpha`,
      x: { title: "α", type: "log", domain: x },
      y: { title: quantities.map(quantitySymbol).join(", "), type: "log", domain: y },
      legend: [
        {
          entries: quantities.map((quantity) => ({
            label: quantitySymbol(quantity) + describeSlope(laws.get(quantity)),
            colour: colour(quantity),
            mark: "dot",
          })),
        },
        {
          entries: ringed ? [{ label: "finished before converging", colour: theme.muted, mark: "ring" }] : [],
        },
      ],
      marks: [
        Plot.line(lines, {
          x: "x",
          y: "y",
          z: "quantity",
          stroke: ({ quantity }: Point) => colour(quantity),
          strokeWidth: 1.25,
        }),
        Plot.dot(
          drawn.filter((point) => marks.get(point) === "dot"),
          {
            x: "x",
            y: "y",
            r: crowded ? 2 : 3.5,
            fill: ({ quantity }: Point) => colour(quantity),
            fillOpacity: crowded ? 0.5 : 1,
          },
        ),
        Plot.dot(
          drawn.filter((point) => marks.get(point) === "ring"),
          {
            x: "x",
            y: "y",
            r: crowded ? 2 : 3.5,
            fill: theme.background,
            stroke: ({ quantity }: Point) => colour(quantity),
            strokeWidth: 1.5,
          },
        ),
        ...pointed(drawn, {
          text: ({ row, y, quantity }) =>
            [
              runLabel(results, row),
              `${quantitySymbol(quantity)} = ${formatNumber(y)}`,
              String(results.runs.columns.status[row] ?? "not ended"),
            ].join("\n"),
          colour: ({ quantity }) => colour(quantity),
          theme,
        }),
      ],
      notes: [
        ...[...laws.values()]
          .slice(0, 1)
          .map(
            ({ from: low, to: high }) =>
              `Slopes: least squares on log-log axes over α = ${formatNumber(low)} … ${formatNumber(high)}, ± standard error.`,
          ),
        ...(laws.size === 0 && points.length > 0 ? ["A slope needs at least 4 points."] : []),
        ...(diverged > 0 ? [`${plural(diverged, "diverged run")} left out.`] : []),
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

/** Runs that stopped short of converging are hollow, where converging was asked for. */
const markOf = (results: Results, { row }: Point): LegendMark =>
  stopsEarly(results) && results.runs.columns.status[row] === "finished" ? "ring" : "dot";

/** ", slope −0.998 ± 0.001": the slope to the digits that its error leaves. */
function describeSlope(law: PowerLaw | undefined): string {
  if (!law) return "";
  const digits = Math.max(2, Math.min(4, law.error > 0 ? Math.ceil(-Math.log10(law.error)) + 1 : 4));
  const error = law.error < 0.5 * 10 ** -digits ? `< ${10 ** -digits}` : law.error.toFixed(digits);
  const slope = law.slope.toFixed(digits).replace("-", "−");
  return `, slope ${slope} ${error.startsWith("<") ? `(± ${error})` : `± ${error}`}`;
}

function lastValues({ runs }: Results, quantities: string[]): Table {
  const columns: Record<string, Column> = { run: runs.columns.run };
  for (const name of [
    ...Object.keys(runs.columns).filter((path) => path.includes(".")),
    "status",
    ...quantities,
  ])
    columns[name] = runs.columns[name];
  return { rows: runs.rows, columns };
}

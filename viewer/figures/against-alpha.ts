/** Last values of quantities against alpha, on log-log axes, with their local slopes, and the power law where there is one. */

import * as Plot from "@observablehq/plot";
import type { Column, Table } from "../../src/document/table.ts";
import {
  fitWhereConstant,
  type PowerLaw,
  slopeTolerance,
  straightFrom,
  valueAt,
} from "../../src/results/power-law.ts";
import { otherPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { alphaPath, alphas, gather, type Point, type Series } from "./alpha-series.ts";
import { type Axis, drawChart, fontSize, leftOf, pointed } from "./chart.ts";
import { firstOnPixels } from "./crowd.ts";
import { domainOf, type LeftOut } from "./extent.ts";
import { type Choice, defineFigure, type Figure, type Frame, type Settings, type Slider } from "./figure.ts";
import { formatNumber, plural, superscript } from "./format.ts";
import { kernelRegimePower } from "./kernel-regime-powers.ts";
import type { LegendMark } from "./legend.ts";
import { quantitySymbol } from "./over-training.ts";
import { numberAt, runLabel, stopsEarly, sweptPaths } from "./runs.ts";
import { drawStacked } from "./stacked.ts";
import type { Theme } from "./theme.ts";

/** More points than this are small and pale, and share pixels. */
const crowd = 200;

export interface AlphaFigure {
  id: string;
  title: string;
  caption: string;
  /** The first must be recorded; the others are drawn where they are. */
  quantities: [string, ...string[]];
}

interface Controls extends Record<string, Choice | Slider> {
  quantity: Choice;
  from: Slider;
}

const allQuantities = "all";

export function alphaFigure({ id, title, caption, quantities }: AlphaFigure): Figure {
  const recorded = (results: Results) => quantities.filter((name) => name in results.runs.columns);
  return defineFigure<Controls>({
    id,
    title,
    caption,
    needs: [quantities[0]],
    shows: (results) =>
      sweptPaths(results).includes(alphaPath) &&
      alphas(results).length > 1 &&
      // Different models have no slope in common.
      !otherPaths(results, alphaPath).some((path) => path.startsWith("model.")),
    controls: (results) => controlsOf(results, recorded(results)),
    draw: (results, frame, settings) => draw(title, results, frame, recorded(results), settings),
    brushes: () => alphaPath,
    data: (results) => lastValues(results, recorded(results)),
  });
}

function controlsOf(results: Results, quantities: string[]): Controls {
  const values = alphas(results);
  const options = quantities.map((name) => ({ value: name, label: quantitySymbol(name) }));
  // Colours tell quantities apart, or settings: not both.
  const isOneSetting = otherPaths(results, alphaPath).length === 0;
  const quantity: Choice = {
    kind: "choice",
    label: "Quantity",
    options: isOneSetting ? [{ value: allQuantities, label: "all" }] : options,
    initial: isOneSetting ? allQuantities : quantities[0],
  };
  const { series } = gather(results, shownOf(quantities, quantity.initial));
  const starts = series.map(({ points, slopes }) => straightFrom(points, slopes) ?? values[0]);
  return {
    quantity,
    from: {
      kind: "slider",
      label: "Fit from α =",
      positions: values.length,
      initial: Math.max(0, values.indexOf(Math.max(...starts))),
      show: (position) => formatNumber(values[position]),
    },
  };
}

const shownOf = (quantities: string[], chosen: string): string[] =>
  quantities.includes(chosen) ? [chosen] : quantities;

/** A power that theory knows, through the last point. */
interface Reference {
  x: number;
  y: number;
  power: number;
}

function draw(
  title: string,
  results: Results,
  frame: Frame,
  recorded: string[],
  settings: Settings<Controls>,
): SVGSVGElement {
  const { theme, width } = frame;
  const from = alphas(results)[settings.from];
  const quantities = shownOf(recorded, settings.quantity);
  const { series, diverged, leftOut } = gather(results, quantities);
  const points = series.flatMap((own) => own.points);
  const colourOf = (index: number) => theme.categories[index] ?? theme.muted;
  const colour = ({ series: index }: { series: number }) => colourOf(index);
  const laws = series.map((own) => fitWhereConstant(own.points, own.slopes, from));
  const marks = new Map(points.map((point) => [point, markOf(results, point)]));
  const ringed = [...marks.values()].includes("ring");
  const crowded = points.length > crowd;
  const lines = laws.flatMap((law, index) =>
    law ? [law.from, law.to].map((x) => ({ x, y: valueAt(law, x), series: index })) : [],
  );
  const x: Axis = {
    title: "α",
    type: "log",
    domain: domainOf(
      points.map(({ x }) => x),
      "log",
    ),
  };
  const y: Axis = {
    title: quantities.map(quantitySymbol).join(", "),
    type: "log",
    domain: domainOf(
      [...points, ...lines].map(({ y }) => y),
      "log",
    ),
  };
  const references = quantities.flatMap((quantity) => {
    const power = kernelRegimePower(results, quantity);
    const last = series
      .filter((own) => own.quantity === quantity)
      .flatMap((own) => own.points)
      .sort((a, b) => a.x - b.x)
      .at(-1);
    return power !== undefined && last ? [{ x: last.x, y: last.y, power }] : [];
  });
  const slopes = series.flatMap((own, index) =>
    own.slopes
      .filter(({ slope }) => Number.isFinite(slope))
      .map((local) => ({ ...local, x: Math.sqrt(local.from * local.to), y: local.slope, series: index })),
  );
  const slopeAxis: Axis = {
    title: "local slope",
    type: "linear",
    domain: slopeDomain([
      ...slopes.flatMap(({ y, error }) => [y - error, y + error]),
      ...references.map(({ power }) => power),
    ]),
  };
  const left = Math.max(leftOf(y), leftOf(slopeAxis));
  const pixels = width;
  const drawn = crowded
    ? firstOnPixels(
        points,
        { x: { type: "log", domain: x.domain, pixels }, y: { type: "log", domain: y.domain, pixels } },
        (point) => `${point.series} ${marks.get(point)}`,
      )
    : points;
  const named = series.slice(0, theme.categories.length);
  const chart = drawChart(
    {
      label: `${title}, last values against alpha`,
      left,
      x: { ...x, ...(slopes.length > 0 && { title: "" }) },
      y,
      legend: [
        {
          entries: [
            ...named.map(({ quantity, label }, index) => ({
              label: (label || quantitySymbol(quantity)) + describeSlope(laws[index]),
              colour: colourOf(index),
              mark: "dot" as const,
            })),
            ...(named.length < series.length
              ? [
                  {
                    label: `${series.length - named.length} others`,
                    colour: theme.muted,
                    mark: "dot" as const,
                  },
                ]
              : []),
          ],
        },
        {
          entries:
            references.length > 0
              ? [{ label: "theory at large α", colour: theme.muted, mark: "line", dash: "4,3" }]
              : [],
        },
        {
          entries: ringed ? [{ label: "finished before converging", colour: theme.muted, mark: "ring" }] : [],
        },
      ],
      marks: [
        ...references.flatMap((reference) => referenceMarks(reference, x, y, theme)),
        Plot.line(lines, { x: "x", y: "y", z: "series", stroke: colour, strokeWidth: 1.25 }),
        Plot.dot(
          drawn.filter((point) => marks.get(point) === "dot"),
          { x: "x", y: "y", r: crowded ? 2 : 3.5, fill: colour, fillOpacity: crowded ? 0.5 : 1 },
        ),
        Plot.dot(
          drawn.filter((point) => marks.get(point) === "ring"),
          {
            x: "x",
            y: "y",
            r: crowded ? 2 : 3.5,
            fill: theme.background,
            stroke: colour,
            strokeWidth: 1.5,
          },
        ),
        Plot.dot(
          points.filter(({ row }) => frame.picked?.has(numberAt(results.runs.columns.run, row))),
          { x: "x", y: "y", r: 7, stroke: theme.text, strokeWidth: 1.5 },
        ),
        ...pointed(drawn, {
          text: ({ row, y, series: index }) =>
            [
              runLabel(results, row),
              `${quantitySymbol(series[index].quantity)} = ${formatNumber(y)}`,
              String(results.runs.columns.status[row] ?? "not ended"),
            ].join("\n"),
          colour,
          theme,
          line: ({ series: index }) => String(index),
          runs: ({ row }) => [numberAt(results.runs.columns.run, row)],
        }),
      ],
      notes: slopes.length > 0 ? [] : notesOf(series, laws, diverged, leftOut),
    },
    frame,
  );
  if (slopes.length === 0) return chart;
  return drawStacked(
    `${title}, last values and local slopes against alpha`,
    [
      chart,
      drawChart(
        {
          label: `${title}, local slopes against alpha`,
          left,
          height: slopeHeight,
          x,
          y: slopeAxis,
          legend: [],
          marks: [
            ...references.map(({ power }) =>
              Plot.ruleY([power], { stroke: theme.muted, strokeDasharray: "4,3" }),
            ),
            Plot.link(slopes, { x1: "from", x2: "to", y1: "y", y2: "y", stroke: colour, strokeWidth: 1.5 }),
            Plot.ruleX(
              slopes.filter(({ error }) => error > 0),
              { x: "x", y1: ({ y, error }) => y - error, y2: ({ y, error }) => y + error, stroke: colour },
            ),
            Plot.dot(slopes, { x: "x", y: "y", r: 2.5, fill: colour }),
            ...pointed(slopes, {
              text: ({ from: low, to: high, slope, error, series: index }) =>
                [
                  series[index].label || quantitySymbol(series[index].quantity),
                  `α = ${formatNumber(low)} … ${formatNumber(high)}`,
                  `slope ${formatNumber(slope)}${error > 0 ? ` ± ${formatNumber(error, 2)}` : ""}`,
                ].join("\n"),
              colour,
              theme,
              line: ({ series: index }) => String(index),
            }),
          ],
          notes: notesOf(series, laws, diverged, leftOut),
        },
        frame,
      ),
    ],
    frame,
  );
}

const slopeHeight = 96;
/** Slopes that differ by less than a tick's digits are one slope to the eye, too. */
const leastSlopes = 1;

function slopeDomain(slopes: readonly number[]): [number, number] {
  const [low, high] = domainOf(slopes, "linear", 0.12);
  const room = Math.max(0, leastSlopes - (high - low)) / 2;
  return [low - room, high + room];
}

/** A line of a known power from the last point to where it leaves the frame, with its power there. */
function referenceMarks({ x, y, power }: Reference, xAxis: Axis, yAxis: Axis, theme: Theme): Plot.Markish[] {
  const at = (place: number) => y * (place / x) ** power;
  const start = Math.max(xAxis.domain[0], x * (yAxis.domain[1] / y) ** (1 / power));
  const [first, middle, last] = [start, Math.sqrt(start * x), x].map((place) => ({ x: place, y: at(place) }));
  return [
    Plot.line([first, last], {
      x: "x",
      y: "y",
      stroke: theme.muted,
      strokeWidth: 1.25,
      strokeDasharray: "4,3",
    }),
    Plot.text([middle], {
      x: "x",
      y: "y",
      text: () => `α${superscript(power)}`,
      textAnchor: "start",
      dx: 7,
      dy: -9,
      fontSize,
      fill: theme.muted,
    }),
  ];
}

/** What slopes mean, and why there is none. */
function notesOf(
  series: readonly Series[],
  laws: readonly (PowerLaw | undefined)[],
  diverged: number,
  leftOut: LeftOut,
): string[] {
  const [law] = laws.filter((known) => known !== undefined);
  const bent = series.filter(({ points }, index) => !laws[index] && points.length > 0);
  const few = bent.filter(({ slopes }) => slopes.length === 0);
  return [
    ...(law
      ? [
          `Slopes: least squares on log-log axes over α = ${formatNumber(law.from)} … ${formatNumber(law.to)}, ± standard error, where every local slope is within ${slopeTolerance} of it, or twice its error.`,
        ]
      : []),
    ...(bent.length > few.length
      ? [
          law
            ? "Where none is claimed, the local slope is not constant there."
            : "No slope is claimed: the local slope is nowhere constant up to the largest α, or over too few points.",
        ]
      : []),
    ...(few.length > 0 ? ["A slope needs at least 4 points."] : []),
    ...(diverged > 0 ? [`${plural(diverged, "diverged run")} left out.`] : []),
    ...leftOut.notes(),
  ];
}

/** Runs that stopped short of converging are hollow, where converging was asked for. */
const markOf = (results: Results, { row }: Point): LegendMark =>
  stopsEarly(results) && results.runs.columns.status[row] === "finished" ? "ring" : "dot";

/** ", slope −0.998 ± 0.001": the slope to the digits that its error leaves. */
function describeSlope(law: PowerLaw | undefined): string {
  if (!law) return "";
  const digits = Math.max(2, Math.min(4, law.error > 0 ? Math.ceil(-Math.log10(law.error)) + 1 : 4));
  const error =
    law.error < 0.5 * 10 ** -digits ? `< ${(10 ** -digits).toFixed(digits)}` : law.error.toFixed(digits);
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

/** Last values against a swept value: the mean over trials of every setting, with a band, and the power law that it follows. */

import * as Plot from "@observablehq/plot";
import { quantileSorted } from "d3";
import { type Estimate, estimate } from "../../src/results/estimate.ts";
import type { Column, Table } from "../../src/document/table.ts";
import { trialLaw } from "../../src/results/trial-law.ts";
import {
  hasTrials,
  otherPaths,
  placeOf,
  type Setting,
  settingPaths,
  settingsOf,
} from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { type AxisType, domainOf, hasPlace, LeftOut, wantedAxis } from "./extent.ts";
import { type Choice, defineFigure, type Figure, type Frame, type Settings, type Switch } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { documentValue, hasDiverged } from "./runs.ts";
import type { Theme } from "./theme.ts";
import { axisTitle, sharesData, valueLabel } from "./trial-labels.ts";

/** What is measured of a run when it ends. */
export interface Measure {
  name: string;
  /** As an axis calls it. */
  symbol: string;
  /** Quantities that it is made of. */
  needs: readonly string[];
  of(values: Readonly<Record<string, number>>): number;
  /** The axis that it wants, whatever its values. */
  axis?: AxisType;
}

export interface TrialsFigure {
  id: string;
  title: string;
  caption: string;
  /** The first is drawn, and its quantities must be recorded; a control offers the others that are. */
  measures: readonly [Measure, ...Measure[]];
  /** The swept path of the horizontal axis. */
  against: string;
  /** Whether straight lines on log-log axes are what to look for. */
  hasLaw?: boolean;
  /** Which of the results that hold its quantities show it; by default all. */
  shows?(results: Results): boolean;
  /** Curves that are known, drawn beside the first measure. */
  beside?(results: Results): readonly KnownCurve[];
}

/** A curve that was published, or that theory says. */
export interface KnownCurve {
  label: string;
  points: readonly { x: number; y: number }[];
  colour(theme: Theme): string;
  /** What is to be known of it. */
  note?: string;
}

/** A curve that was read off a paper's figure. */
export const published = (
  source: string,
  points: readonly (readonly [x: number, y: number])[],
): KnownCurve => ({
  label: `published: ${source}`,
  points: points.map(([x, y]) => ({ x, y })),
  colour: ({ muted }) => muted,
});

/** The same of a larger network on other data. */
export const publishedElsewhere = (...given: Parameters<typeof published>): KnownCurve => ({
  ...published(...given),
  note: "Dashed: a larger network on other data. Its shape is to be compared, not where it lies.",
});

interface Controls extends Record<string, Choice | Switch> {
  measure: Choice;
  band: Choice;
  logY: Switch;
}

/** The trials of one setting. */
interface Point {
  x: number;
  y: number;
  low: number;
  high: number;
  count: number;
  family: number;
}

/** Settings that share everything but their place on the horizontal axis. */
interface Family {
  settings: Setting[];
  label: string;
  colour: string;
  isDashed: boolean;
}

export function trialsFigure(figure: TrialsFigure): Figure {
  const { id, title, caption, measures, against } = figure;
  return defineFigure<Controls>({
    id,
    title,
    caption,
    needs: measures[0].needs,
    shows: (results) =>
      (figure.shows?.(results) ?? true) &&
      hasTrials(results) &&
      settingPaths(results).includes(against) &&
      placesOf(results, against).length > 1,
    controls: (results) => ({
      measure: {
        kind: "choice",
        label: "Measure",
        options: measured(measures, results).map(({ name, symbol }) => ({ value: name, label: symbol })),
        initial: measured(measures, results)[0].name,
      },
      band: { kind: "choice", label: "Band", options: [...bands], initial: "mean" },
      logY: {
        kind: "switch",
        label: "log y",
        initial: wantedOf(measured(measures, results)[0], results) === "log",
      },
    }),
    draw: (results, frame, settings) => draw(figure, results, frame, settings),
    // A list of widths has a place on the axis, and no range of its own.
    brushes: (_, { runs }) => (typeof runs.columns[against][0] === "number" ? against : undefined),
    data: (results, { measure }) => table(chosen(figure, results, measure), results),
  });
}

const bands = [
  { value: "mean", label: "95% interval of the mean" },
  { value: "trials", label: "80% of the trials" },
] as const;

/** Measures that the results hold everything for. */
const measured = (measures: readonly Measure[], { runs }: Results): Measure[] =>
  measures.filter(({ needs }) => needs.every((name) => name in runs.columns));

const chosen = ({ measures }: TrialsFigure, results: Results, name: string): Measure =>
  measured(measures, results).find((measure) => measure.name === name) ?? measured(measures, results)[0];

const placesOf = (results: Results, path: string): number[] => [
  ...new Set(Array.from({ length: results.runs.rows }, (_, row) => placeOf(results, path, row))),
];

/** A measure of a run; a run that diverged has none. */
export function measureOf({ needs, of }: Measure, results: Results, row: number): number {
  if (hasDiverged(results, row)) return NaN;
  return of(Object.fromEntries(needs.map((name) => [name, Number(results.runs.columns[name][row] ?? NaN)])));
}

function wantedOf(measure: Measure, results: Results): AxisType {
  if (measure.axis) return measure.axis;
  return wantedAxis(Array.from({ length: results.runs.rows }, (_, row) => measureOf(measure, results, row)));
}

/** Colours tell the first path's values, dashes those of a second with two; more paths than that have a colour each setting. */
function familiesOf(results: Results, against: string, theme: Theme): Family[] {
  const paths = otherPaths(results, against);
  const groups = new Map<string, Setting[]>();
  for (const setting of settingsOf(results)) {
    const key = JSON.stringify(paths.map((path) => setting.values[path]));
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  const settings = [...groups.values()];
  const distinct = (path: string) => [...new Set(settings.map(([first]) => first.values[path]))];
  const dashPath = paths.length > 1 ? paths.find((path) => distinct(path).length === 2) : undefined;
  const colourPaths = paths.filter((path) => path !== dashPath);
  const colourKey = ([first]: Setting[]) => JSON.stringify(colourPaths.map((path) => first.values[path]));
  const colours = [...new Set(settings.map(colourKey))];
  return settings.map((own) => ({
    settings: own,
    label: paths.map((path) => valueLabel(path, own[0].values[path])).join(", "),
    colour: theme.categories[colours.indexOf(colourKey(own))] ?? theme.muted,
    isDashed: dashPath !== undefined && own[0].values[dashPath] !== distinct(dashPath)[0],
  }));
}

function draw(
  figure: TrialsFigure,
  results: Results,
  frame: Frame,
  { measure: name, band, logY }: Settings<Controls>,
): SVGSVGElement {
  const { theme } = frame;
  const { against } = figure;
  const measure = chosen(figure, results, name);
  const yType = logY ? "log" : "linear";
  const places = placesOf(results, against);
  const isLaw = figure.hasLaw === true && logY;
  // A law is a straight line on two logarithmic axes, and on no others.
  const xType = isLaw && places.every((place) => place > 0) ? "log" : wantedAxis(places);
  const families = familiesOf(results, against, theme);
  const leftOut = new LeftOut();
  const points = families.flatMap(({ settings }, family) =>
    settings
      .flatMap(({ rows }): Point[] => {
        const x = placeOf(results, against, rows[0]);
        const values = rows
          .map((row) => measureOf(measure, results, row))
          .filter((y) => leftOut.admits(x, y, xType, yType));
        return values.length > 0 ? [{ x, family, count: values.length, ...bandOf(values, yType, band) }] : [];
      })
      .sort((a, b) => a.x - b.x),
  );
  const curves = name === figure.measures[0].name ? (figure.beside?.(results) ?? []) : [];
  const known = curves.map((curve) => ({
    ...curve,
    points: curve.points.filter(({ x, y }) => hasPlace(x, xType) && hasPlace(y, yType)),
  }));
  const laws = families.map(({ settings }) =>
    isLaw ? trialLaw(results, settings, against, (row) => measureOf(measure, results, row)) : undefined,
  );
  const lawLines = laws.flatMap((law, family) =>
    law ? [law.from, law.to].map((x) => ({ x, y: law.at(x), family })) : [],
  );
  const colour = ({ family }: { family: number }) => families[family].colour;
  const counts = [...new Set(points.map(({ count }) => count))].sort((a, b) => a - b);
  const entries = families.map(({ label, colour: own, isDashed }, family): LegendEntry => ({
    label: [label, laws[family] && `exponent ${withMargin(laws[family].exponent)}`]
      .filter(Boolean)
      .join(": "),
    colour: own,
    mark: isDashed ? "dashed" : "line",
  }));
  const inBand = points.filter(({ low, high }) => hasPlace(low, yType) && hasPlace(high, yType));
  return drawChart(
    {
      label: `${figure.title}, means over trials`,
      x: {
        title: axisTitle(against),
        type: xType,
        domain: domainOf(
          [...points, ...known.flatMap((curve) => curve.points)].map(({ x }) => x),
          xType,
        ),
      },
      y: {
        title: measure.symbol,
        type: yType,
        domain: domainOf(
          [
            ...[...points, ...known.flatMap((curve) => curve.points)].map(({ y }) => y),
            ...inBand.flatMap(({ low, high }) => [low, high]),
          ],
          yType,
        ),
      },
      legend: [
        { entries: entries.filter(({ label }) => label !== "") },
        {
          entries: known.map(({ label, colour: own }) => ({
            label,
            colour: own(theme),
            mark: "dashed" as const,
          })),
        },
        { entries: inBand.length > 0 ? [{ label: bandLabel(band), colour: theme.muted, mark: "band" }] : [] },
      ],
      marks: [
        ...families.map(({ colour: own }, family) =>
          Plot.areaY(
            inBand.filter((point) => point.family === family),
            { x: "x", y1: "low", y2: "high", fill: own, fillOpacity: 0.15 },
          ),
        ),
        // Where a law is drawn, it stands for the line through the points.
        ...families.flatMap(({ colour: own, isDashed }, family) =>
          laws[family]
            ? []
            : [
                Plot.line(
                  points.filter((point) => point.family === family),
                  {
                    x: "x",
                    y: "y",
                    stroke: own,
                    strokeWidth: 1.75,
                    ...(isDashed && { strokeDasharray: "5,3" }),
                  },
                ),
              ],
        ),
        ...known.map((curve) =>
          Plot.line(curve.points, {
            x: "x",
            y: "y",
            stroke: curve.colour(theme),
            strokeWidth: 1.5,
            strokeDasharray: "4,3",
          }),
        ),
        Plot.line(lawLines, { x: "x", y: "y", z: "family", stroke: colour, strokeWidth: 1.5 }),
        Plot.dot(
          points.filter(({ family }) => !families[family].isDashed),
          { x: "x", y: "y", r: 3.5, fill: colour },
        ),
        Plot.dot(
          points.filter(({ family }) => families[family].isDashed),
          { x: "x", y: "y", r: 3.5, fill: theme.background, stroke: colour, strokeWidth: 1.5 },
        ),
        ...pointed(points, {
          text: ({ x, y, low, high, count, family }) =>
            [
              [`${axisTitle(against)} = ${formatNumber(x)}`, families[family].label]
                .filter(Boolean)
                .join(", "),
              `${measure.symbol}: ${formatNumber(y)} (${formatNumber(low)} … ${formatNumber(high)})`,
              plural(count, "trial"),
            ].join("\n"),
          colour,
          theme,
        }),
      ],
      notes: [
        `Means${logY ? " of logarithms" : ""} over ${counts.length > 1 ? `${counts[0]} to ` : ""}${plural(counts.at(-1) ?? 0, "trial")} of each setting; shaded: ${bandLabel(band)}.`,
        ...settingNotes(results),
        ...(laws.some(Boolean)
          ? [
              "Exponents: the mean of the trials' own least-squares fits on log-log axes, and its 95% interval.",
            ]
          : []),
        ...(sharesData(results)
          ? [
              "All trials of a setting share one dataset: bands tell how initializations differ, and hide how datasets do, which may be far more. Sweep data.seed with init.seed to see both.",
            ]
          : []),
        ...known.flatMap(({ note }) => note ?? []),
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

const bandLabel = (band: string): string => bands.find(({ value }) => value === band)?.label ?? "";

/** Centre and ends of a band; on a log axis those of the logarithms. */
function bandOf(values: number[], type: AxisType, band: string): Pick<Point, "y" | "low" | "high"> {
  const [forward, back] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  const placed = values.map(forward).sort((a, b) => a - b);
  const { mean, margin } = estimate(placed);
  const [low, high] =
    band === "trials"
      ? [quantileSorted(placed, 0.1)!, quantileSorted(placed, 0.9)!]
      : [mean - margin, mean + margin];
  return { y: back(mean), low: back(low), high: back(high) };
}

/** How the weights start, and an explicit penalty: laws depend on them. */
function settingNotes(results: Results): string[] {
  const shape = documentValue(results, "init", "shape");
  const std = documentValue(results, "init", "shape", "std");
  const alpha = documentValue(results, "init", "alpha");
  const penalty = documentValue(results, "loss", "l2");
  const scale = typeof alpha === "number" && alpha !== 1 ? `, times α = ${formatNumber(alpha)}` : "";
  const name =
    shape === "he"
      ? "He"
      : typeof std === "number"
        ? `Gaussian, standard deviation ${formatNumber(std)}`
        : undefined;
  return [
    ...(name === undefined ? [] : [`Initial weights: ${name}${scale}.`]),
    ...(typeof penalty === "number" && penalty > 0
      ? [`Explicit penalty: ${formatNumber(penalty)} ‖w‖₂².`]
      : []),
  ];
}

/** A row a run: its swept values and every measure. */
function table(measure: Measure, results: Results): Table {
  const { columns, rows } = results.runs;
  const values: Record<string, Column> = { run: columns.run };
  for (const path of Object.keys(columns).filter((name) => name.includes("."))) values[path] = columns[path];
  values[measure.name] = Float64Array.from({ length: rows }, (_, row) => measureOf(measure, results, row));
  return { rows, columns: values };
}

/** The mean to the digits that its interval leaves. */
function withMargin({ mean, margin }: Estimate): string {
  if (!Number.isFinite(margin)) return formatNumber(mean, 3);
  const digits = Math.max(1, Math.min(4, Math.ceil(-Math.log10(margin)) + 1));
  return `${mean.toFixed(digits).replace("-", "−")} ± ${margin.toFixed(digits)}`;
}

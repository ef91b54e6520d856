/** Quantities over training: a line a run, coloured by what the runs differ in. */

import * as Plot from "@observablehq/plot";
import { catalogue, type QuantityName } from "../../src/quantities/catalogue.ts";
import type { Column, Table } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { pixel } from "./crowd.ts";
import { LeftOut, domainOf, wantedAxis } from "./extent.ts";
import { type Choice, type Frame, type Settings, type Switch } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { LegendEntry, LegendGroup } from "./legend.ts";
import { lineColours } from "./line-colours.ts";
import {
  type Axes,
  gatherLines,
  type LineEnd,
  lineEnds,
  type Point,
  thin,
  type Traced,
} from "./run-lines.ts";
import {
  documentValue,
  hasDiverged,
  leadingPath,
  pathSymbol,
  runLabel,
  stopsEarly,
  sweptPaths,
  sampleNotes,
} from "./runs.ts";
import type { Theme } from "./theme.ts";

export const axisTitles = { epoch: "epoch", time: "time (step size × updates)" };

export interface OverTrainingControls extends Record<string, Choice | Switch> {
  against: Choice;
  logX: Switch;
  logY: Switch;
  colour: Choice;
}

export const quantityTitle = (quantity: string): string =>
  catalogue[quantity as QuantityName]?.title ?? quantity.replaceAll("_", " ");

export const quantitySymbol = (quantity: string): string =>
  catalogue[quantity as QuantityName]?.symbol ?? quantity.replaceAll("_", " ");

export function overTrainingControls(results: Results, traced: Traced[]): OverTrainingControls {
  const columns = traced.map(({ quantity }) => results.history.columns[quantity] as ArrayLike<number>);
  return {
    against: {
      kind: "choice",
      label: "Against",
      options: [
        { value: "epoch", label: "epoch" },
        { value: "time", label: "time" },
      ],
      initial: "epoch",
    },
    logX: {
      kind: "switch",
      label: "log x",
      // Records spaced in the logarithm are crowded into a linear axis's first pixels.
      initial: typeof documentValue(results, "record", "every") === "object",
    },
    logY: { kind: "switch", label: "log y", initial: wantedAxis(chain(columns)) === "log" },
    colour: {
      kind: "choice",
      label: "Colour",
      options: sweptPaths(results).map((path) => ({ value: path, label: pathSymbol(path) })),
      initial: leadingPath(results) ?? "",
    },
  };
}

function* chain(columns: ArrayLike<number>[]): Generator<number> {
  for (const column of columns) for (let k = 0; k < column.length; k++) yield column[k];
}

export function drawOverTraining(
  title: string,
  traced: Traced[],
  results: Results,
  frame: Frame,
  settings: Settings<OverTrainingControls>,
): SVGSVGElement {
  const { theme } = frame;
  const against = settings.against as keyof typeof axisTitles;
  const axes: Axes = { against, x: settings.logX ? "log" : "linear", y: settings.logY ? "log" : "linear" };
  const colours = lineColours(results, settings.colour || leadingPath(results), theme);
  const leftOut = new LeftOut();
  const drawn = gatherLines(results, traced, axes, colours, leftOut);

  // A diverged run climbs to the end of the number range on its last finite records: it must not set the scale.
  const steady = drawn.points.filter(({ row }) => !hasDiverged(results, row));
  const scaled = steady.length > 0 ? steady : drawn.points;
  const recorded = new Set(scaled.map((point) => point.x));
  const x = domainOf(recorded, axes.x, 0);
  const y = domainOf(
    [...scaled.map((point) => point.y), ...drawn.bands.flatMap(({ low, high }) => [low, high])],
    axes.y,
  );
  const visible = drawn.points.filter((point) => inside(point.x, x) && inside(point.y, y));
  const points = thin(visible, (value) => pixel(value, { type: axes.x, domain: x, pixels: frame.width }));
  const ends = lineEnds(visible);
  const isDashed = new Map(traced.map(({ quantity, dashed }) => [quantity, dashed ?? false]));
  const dashedLine = ({ line }: Point) => isDashed.get(line.split(" ", 1)[0]) ?? false;
  const crowd = drawn.lines > 20 ? 0.75 : 1;
  const line = (kept: Point[], dash?: string) =>
    Plot.line(kept, {
      x: "x",
      y: "y",
      z: "line",
      stroke: "colour",
      strokeWidth: 1.75,
      strokeOpacity: crowd,
      ...(dash !== undefined && { strokeDasharray: dash }),
    });
  const marksStatus = drawn.bands.length === 0;
  const statuses = marksStatus ? statusEntries(results, theme, ends) : [];
  const diverged = [...new Set(drawn.points.map(({ row }) => row))].filter((row) =>
    hasDiverged(results, row),
  );

  return drawChart(
    {
      label: `${title} against ${axes.against}`,
      x: {
        title: axisTitles[against],
        type: axes.x,
        domain: x,
        ...(recorded.size === 1 && { ticks: [...recorded] }),
      },
      y: {
        title: traced.map(({ quantity }) => quantitySymbol(quantity)).join(", "),
        type: axes.y,
        domain: y,
      },
      legend: [
        { title: colours.title, entries: colours.entries, ...(colours.ramp && { ramp: colours.ramp }) },
        tracedLegend(traced, theme),
        { entries: statuses },
      ],
      marks: [
        Plot.areaY(drawn.bands, {
          x: "x",
          y1: "low",
          y2: "high",
          z: "line",
          fill: "colour",
          fillOpacity: 0.2,
        }),
        line(points.filter((point) => !dashedLine(point) && !hasDiverged(results, point.row))),
        line(
          points.filter((point) => dashedLine(point) && !hasDiverged(results, point.row)),
          "5,3",
        ),
        line(
          points.filter((point) => hasDiverged(results, point.row)),
          "1,3",
        ),
        Plot.dot(
          ends.filter(
            (end) => endMark(results, end) === "dot" || (end.alone && endMark(results, end) !== "ring"),
          ),
          { x: "x", y: "y", r: 3, fill: "colour" },
        ),
        Plot.dot(
          ends.filter((end) => endMark(results, end) === "ring"),
          { x: "x", y: "y", r: 3, fill: theme.background, stroke: "colour", strokeWidth: 1.5 },
        ),
        Plot.dot(
          ends.filter((end) => endMark(results, end) === "cross"),
          { x: "x", y: "y", r: 4, stroke: "colour", strokeWidth: 1.75, symbol: "times" },
        ),
        ...pointed(points, {
          text: (point) => tipText(results, traced, point, drawn.bands.length > 0),
          colour: ({ colour }) => colour,
          theme,
        }),
      ],
      notes: [
        ...drawn.notes,
        ...sampleNotes(results),
        ...(diverged.length > 0
          ? [
              `Diverged: ${named(results, diverged)}. Dotted, left out of the scale, cut where the frame ends.`,
            ]
          : []),
        ...(points.length === 0 ? ["There is nothing to draw on these axes yet."] : []),
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

const mostNamed = 3;

/** A few runs by name, many by number. */
const named = (results: Results, rows: number[]): string =>
  rows.length <= mostNamed
    ? rows.map((row) => runLabel(results, row)).join("; ")
    : plural(rows.length, "run");

const inside = (value: number, [low, high]: [number, number]): boolean => value >= low && value <= high;

type EndMark = "dot" | "ring" | "cross" | "none";

/** How a run's end is marked: diverged, or, where runs can converge, whether it did. */
function endMark(results: Results, { row }: Point): EndMark {
  const status = results.runs.columns.status[row];
  if (status === "diverged") return "cross";
  if (!stopsEarly(results)) return "none";
  return status === "converged" ? "dot" : status === "finished" ? "ring" : "none";
}

const markMeanings: Record<Exclude<EndMark, "none">, string> = {
  dot: "converged",
  ring: "finished before converging",
  cross: "diverged",
};

function statusEntries(results: Results, theme: Theme, ends: LineEnd[]): LegendEntry[] {
  const present = new Set(ends.map((end) => endMark(results, end)));
  return (["dot", "ring", "cross"] as const)
    .filter((mark) => present.has(mark))
    .map((mark) => ({ label: markMeanings[mark], colour: theme.muted, mark }));
}

/** Which line is which quantity, where there are several. */
const tracedLegend = (traced: Traced[], theme: Theme): LegendGroup => ({
  entries:
    traced.length < 2
      ? []
      : traced.map(({ quantity, dashed }) => ({
          label: quantitySymbol(quantity),
          colour: theme.muted,
          mark: dashed ? "dashed" : "line",
        })),
});

function tipText(results: Results, traced: Traced[], point: Point, median: boolean): string {
  const { epoch, time } = results.history.columns;
  const quantity = traced.find((candidate) => point.line.startsWith(`${candidate.quantity} `))!.quantity;
  return [
    runLabel(results, point.row),
    `epoch ${formatNumber(Number(epoch[point.record]))}, time ${formatNumber(Number(time[point.record]))}`,
    `${quantitySymbol(quantity)} = ${formatNumber(point.y)}${median ? " (median)" : ""}`,
    ...(results.runs.columns.status[point.row] === "diverged" ? ["diverged"] : []),
  ].join("\n");
}

/** The history of some quantities, with the values that its runs differ in. */
export function overTrainingData(results: Results, traced: Traced[]): Table {
  const { history, runs } = results;
  const rowOf = new Map(Array.from(runs.columns.run, (run, row) => [run, row]));
  const rows = Array.from(history.columns.run, (run) => rowOf.get(run)!);
  const columns: Record<string, Column> = { run: history.columns.run };
  for (const path of sweptPaths(results)) columns[path] = rows.map((row) => runs.columns[path][row]);
  columns.epoch = history.columns.epoch;
  columns.time = history.columns.time;
  for (const { quantity } of traced) columns[quantity] = history.columns[quantity];
  return { rows: history.rows, columns };
}

/** Quantities over training: a line a run, or an average of trials, told apart by what the runs differ in. */

import * as Plot from "@observablehq/plot";
import { rollup } from "d3";
import { catalogue, type QuantityName } from "../../src/quantities/catalogue.ts";
import type { Column, Table } from "../../src/document/table.ts";
import { settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { arrange, type ArrangementControls, arrangementControls, dashPatterns } from "./arrangement.ts";
import { type Axis, drawChart, drawnWidth, pointed } from "./chart.ts";
import { pixel } from "./crowd.ts";
import { LeftOut, domainOf, wantedAxis } from "./extent.ts";
import { type Choice, type Frame, type Settings, type Switch } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { LegendEntry, LegendGroup } from "./legend.ts";
import { residualFloor } from "./rounding-floor.ts";
import { type Axes, axisTitles, type LineEnd, lineEnds, type Point, thin } from "./line-points.ts";
import { type Drawn, gatherLines, type Traced, trialsControl } from "./run-lines.ts";
import {
  formatCell,
  hasDiverged,
  pathSymbol,
  runLabel,
  stopsEarly,
  sweptPaths,
  sampleNotes,
} from "./runs.ts";
import { isOnClock, withClock } from "./saddle-time.ts";
import type { Theme } from "./theme.ts";

export interface OverTrainingControls extends ArrangementControls {
  against: Choice;
  trials: Choice;
  logX: Switch;
  logY: Switch;
}

export const quantityTitle = (quantity: string): string =>
  catalogue[quantity as QuantityName]?.title ?? quantity.replaceAll("_", " ");

export const quantitySymbol = (quantity: string): string =>
  catalogue[quantity as QuantityName]?.symbol ?? quantity.replaceAll("_", " ");

export function overTrainingControls(results: Results, traced: Traced[]): OverTrainingControls {
  const columns = traced.map(({ quantity }) => results.history.columns[quantity] as ArrayLike<number>);
  const onClock = isOnClock(results, traced);
  return {
    against: {
      kind: "choice",
      label: "Against",
      options: [
        { value: "epoch", label: "epoch" },
        { value: "time", label: "time" },
        ...(onClock ? [{ value: "clock", label: "clock τ" }] : []),
      ],
      initial: onClock ? "clock" : "epoch",
    },
    // Training is fast first and slow then: on a linear axis most of what happens is in the first pixels.
    logX: { kind: "switch", label: "log x", initial: true },
    logY: { kind: "switch", label: "log y", initial: wantedAxis(chain(columns)) === "log" },
    trials: trialsControl(results),
    ...arrangementControls(results),
  };
}

function* chain(columns: ArrayLike<number>[]): Generator<number> {
  for (const column of columns) for (let k = 0; k < column.length; k++) yield column[k];
}

export function drawOverTraining(
  title: string,
  traced: Traced[],
  given: Results,
  frame: Frame,
  settings: Settings<OverTrainingControls>,
): SVGSVGElement {
  const { theme, width } = frame;
  const against = settings.against as keyof typeof axisTitles;
  const results = against === "clock" ? withClock(given) : given;
  const axes: Axes = {
    against,
    x: settings.logX ? "symlog" : "linear",
    y: settings.logY ? "log" : "linear",
  };
  const dashesAreFree = !traced.some(({ dashed }) => dashed);
  const arrangement = arrange(results, settings, { width, theme, dashesAreFree });
  const { colours, panels, dashes } = arrangement;
  const leftOut = new LeftOut();
  const drawn = gatherLines(results, traced, axes, settings, arrangement, leftOut);

  // A diverged run climbs to the end of the number range on its last finite records: it must not set the scale.
  const steady = drawn.points.filter(({ row }) => !hasDiverged(results, row));
  const window = axes.against === "epoch" ? frame.epochs : undefined;
  const all = steady.length > 0 ? steady : drawn.points;
  const looked = window ? all.filter((point) => inside(point.x, window)) : all;
  const scaled = looked.length > 0 ? looked : all;
  const recorded = new Set(scaled.map((point) => point.x));
  const x = xAxis(axes, recorded, window !== undefined && window[0] > 0);
  const y = yDomain(axes, scaled, drawn);
  const isCut = y.floor > 0;
  const { picked = new Set() } = frame;
  const isPicked = ({ runs }: { runs: readonly number[] }) => runs.some((run) => picked.has(run));
  const somePicked = drawn.points.some(isPicked);
  /** What is not picked steps back where something is. */
  const isClear = (part: { runs: readonly number[] }) => !somePicked || isPicked(part);
  const bands = drawn.bands
    .filter((band) => isClear(band) && inside(band.x, x.domain))
    .map((band) => ({ ...band, low: Math.max(band.low, y.domain[0]) }));
  const visible = drawn.points.filter((point) => inside(point.x, x.domain) && inside(point.y, y.domain));
  const columns = panels?.columns ?? 1;
  const facet = panels && {
    fx: ({ panel }: { panel: number }) => panel % columns,
    fy: ({ panel }: { panel: number }) => Math.floor(panel / columns),
  };
  const pixels = panels ? drawnWidth(width, columns) : width;
  const points = thin(visible, (value) =>
    pixel(value, { type: x.type, domain: x.domain, pixels, constant: x.constant }),
  );
  const ends = lineEnds(visible.filter(isClear));
  const isDashed = new Map(traced.map(({ quantity, dashed }) => [quantity, dashed ?? false]));
  const crowd = drawn.lines > 20 && !somePicked ? 0.75 : 1;
  const clearWidth = somePicked ? 2.5 : 1.75;
  const line = (kept: readonly Point[], dash: string | undefined, look: Plot.LineOptions = {}) =>
    Plot.line(kept, {
      ...facet,
      x: "x",
      y: "y",
      z: "line",
      stroke: "colour",
      strokeWidth: clearWidth,
      strokeOpacity: crowd,
      ...look,
      ...(dash !== undefined && { strokeDasharray: dash }),
    });
  const patterns: (string | undefined)[] = [...dashPatterns, "5,3", "1,3"];
  const patternOf = (point: Point) =>
    hasDiverged(results, point.row) ? "1,3" : isDashed.get(point.quantity) ? "5,3" : dashPatterns[point.dash];
  const back = points.filter((point) => !isClear(point));
  const counts = rollup(
    drawn.points,
    ({ length }) => length,
    (point) => point.line,
  );
  /** A line through two records says nothing of what is between them. */
  const isJoin = (point: Point) => counts.get(point.line) === 2 && !hasDiverged(results, point.row);
  const joined = points.filter((point) => isClear(point) && isJoin(point));
  const lines = patterns.flatMap((pattern) => {
    const own = points.filter((point) => isClear(point) && !isJoin(point) && patternOf(point) === pattern);
    const pale = pieces(own, ({ isRounding }) => isRounding);
    const clear = pieces(own, ({ isRounding }) => !isRounding);
    return [
      line(pale, pattern, { strokeOpacity: 0.3 }),
      line(
        pieces(clear, ({ isFading }) => !isFading),
        pattern,
      ),
      line(
        pieces(clear, ({ isFading }) => isFading),
        pattern,
        { strokeWidth: 0.9 },
      ),
    ];
  });
  const averaged = settings.trials !== "each";
  const statuses = averaged ? [] : statusEntries(results, theme, ends);
  const mark = (end: LineEnd) => (averaged ? "none" : endMark(results, end));
  const diverged = [...new Set(drawn.points.map(({ row }) => row))].filter((row) =>
    hasDiverged(results, row),
  );

  return drawChart(
    {
      label: `${title} against ${axes.against}`,
      x,
      y: {
        title: traced.map(({ quantity }) => quantitySymbol(quantity)).join(", "),
        type: axes.y,
        domain: y.domain,
      },
      ...(panels && { panels }),
      legend: [
        { title: colours.title, entries: colours.entries, ...(colours.ramp && { ramp: colours.ramp }) },
        dashes,
        tracedLegend(traced, theme),
        { entries: statuses },
        { entries: isCut ? [{ label: "float32 rounding", colour: theme.muted, mark: "band" }] : [] },
      ],
      marks: [
        ...(isCut
          ? [Plot.rectY([0], { y1: y.domain[0], y2: y.floor, fill: theme.muted, fillOpacity: 0.25 })]
          : []),
        Plot.areaY(bands, {
          ...facet,
          x: "x",
          y1: "low",
          y2: "high",
          z: "line",
          fill: "colour",
          fillOpacity: 0.2,
        }),
        ...(back.length > 0 ? [line(back, undefined, { strokeWidth: 1.25, strokeOpacity: 0.2 })] : []),
        ...lines,
        line(joined, undefined, { strokeWidth: 0.9, strokeOpacity: 0.35 }),
        Plot.dot(joined, { ...facet, x: "x", y: "y", r: 2, fill: "colour" }),
        Plot.dot(
          ends.filter((end) => mark(end) === "dot" || (end.alone && mark(end) !== "ring")),
          { ...facet, x: "x", y: "y", r: 3, fill: "colour" },
        ),
        Plot.dot(
          ends.filter((end) => mark(end) === "ring"),
          { ...facet, x: "x", y: "y", r: 3, fill: theme.background, stroke: "colour", strokeWidth: 1.5 },
        ),
        Plot.dot(
          ends.filter((end) => mark(end) === "cross"),
          { ...facet, x: "x", y: "y", r: 4, stroke: "colour", strokeWidth: 1.75, symbol: "times" },
        ),
        ...pointed(points, {
          text: (point) => tipText(results, point, against, averaged),
          colour: ({ colour }) => colour,
          theme,
          line: (point) => point.line,
          runs: (point) => point.runs,
          ...(facet && { facet }),
        }),
      ],
      notes: [
        ...drawn.notes,
        ...arrangement.notes,
        ...sampleNotes(results),
        ...(isCut ? [floorNote(traced, y.floor)] : []),
        ...(diverged.length > 0
          ? [
              `Diverged: ${named(results, diverged)}. Dotted, left out of the scale, cut where the frame ends.`,
            ]
          : []),
        ...(joined.length > 0 ? ["Dots are what was recorded; a line between two only joins them."] : []),
        ...(points.length === 0 ? ["There is nothing to draw on these axes yet."] : []),
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

/** The axis of time. In its logarithm it begins at 0 all the same: the start is what everything is compared with. */
function xAxis(
  { against, x: type }: Axes,
  recorded: ReadonlySet<number>,
  isLater: boolean,
): Axis & { constant: number } {
  const [start, end] = domainOf(recorded, type, 0);
  let constant = Infinity;
  for (const value of recorded) if (value > 0 && value < constant) constant = value;
  const isLogarithmic = type === "symlog" && constant < end;
  // A window that leaves the start out is a plain logarithm.
  return {
    title: axisTitles[against],
    type: isLogarithmic ? (isLater ? "log" : "symlog") : "linear",
    constant: isLogarithmic ? constant : 1,
    domain: [isLogarithmic && !isLater ? 0 : isLater ? Math.min(...recorded) : start, end],
    ...(recorded.size === 1 && { ticks: [...recorded] }),
  };
}

/** Of the height, what is shown below a floor. */
const floorRoom = 0.06;

/** The range of what is drawn, down to the floor below which there is only rounding; 0 where nothing reaches it. */
function yDomain(
  axes: Axes,
  scaled: readonly Point[],
  { bands, floor }: Drawn,
): { domain: [number, number]; floor: number } {
  const values = [...scaled.map(({ y }) => y), ...bands.flatMap(({ low, high }) => [low, high])];
  const isCut = axes.y === "log" && floor > 0 && scaled.some(({ isRounding }) => isRounding);
  const domain = domainOf(values, axes.y);
  return isCut
    ? { domain: [floor * (floor / domain[1]) ** floorRoom, domain[1]], floor }
    : { domain, floor: 0 };
}

/** What the shade means, and why pale lines are pale. */
function floorNote(traced: Traced[], floor: number): string {
  const squared = traced.some(({ quantity }) => quantity !== "function_distance");
  return (
    `Shaded: below ${formatNumber(floor, 2)}. There, and where lines are pale, a run is at the floor of float32: ` +
    `${formatNumber(residualFloor, 2)} of its largest residual${squared ? ", squared" : ""}, ` +
    `what is left when larger numbers cancel, and the digits are rounding noise. ` +
    `A curve that turns flat not far above takes steps that its weights round away.`
  );
}

/** The parts of lines where something holds, each with the point before it, so that parts meet. */
function pieces(points: readonly Point[], holds: (point: Point) => boolean): Point[] {
  const kept: Point[] = [];
  let piece = 0;
  points.forEach((point, k) => {
    if (!holds(point)) return;
    const before = points[k - 1];
    const continues = before?.line === point.line;
    if (!continues || !holds(before)) piece++;
    if (continues && !holds(before)) kept.push({ ...before, line: `${point.line} ${piece}` });
    kept.push({ ...point, line: `${point.line} ${piece}` });
  });
  return kept;
}

const mostNamed = 3;

/** A few runs by name, many by number. */
const named = (results: Results, rows: number[]): string =>
  rows.length <= mostNamed
    ? rows.map((row) => runLabel(results, row)).join("; ")
    : plural(rows.length, "run");

const inside = (value: number, [low, high]: readonly [number, number]): boolean =>
  value >= low && value <= high;

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

function tipText(
  results: Results,
  point: Point,
  against: keyof typeof axisTitles,
  averaged: boolean,
): string {
  const { row, record, x, y, quantity, count, ended } = point;
  const { epoch, time } = results.history.columns;
  const setting = settingPaths(results).map(
    (path) => `${pathSymbol(path)} = ${formatCell(results.runs.columns[path][row])}`,
  );
  return [
    averaged ? setting.join(", ") || "all runs" : runLabel(results, row),
    record === undefined
      ? `${against} ${formatNumber(x)}`
      : [
          ...(against === "clock" ? [`τ = ${formatNumber(x)}`] : []),
          `epoch ${formatNumber(Number(epoch[record]))}`,
          `time ${formatNumber(Number(time[record]))}`,
        ].join(", "),
    `${quantitySymbol(quantity)} = ${formatNumber(y)}${point.isRounding ? " or less" : ""}`,
    ...(averaged ? [`n = ${count}${ended > 0 ? `, ${ended} ended` : ""}`] : []),
    ...(results.runs.columns.status[row] === "diverged" ? ["diverged"] : []),
  ].join("\n");
}

/** The history of some quantities, with the values that its runs differ in. */
export function overTrainingData(results: Results, traced: Traced[]): Table {
  const onClock = isOnClock(results, traced);
  const { history, runs } = onClock ? withClock(results) : results;
  const rowOf = new Map(Array.from(runs.columns.run, (run, row) => [run, row]));
  const rows = Array.from(history.columns.run, (run) => rowOf.get(run)!);
  const columns: Record<string, Column> = { run: history.columns.run };
  for (const path of sweptPaths(results)) columns[path] = rows.map((row) => runs.columns[path][row]);
  columns.epoch = history.columns.epoch;
  columns.time = history.columns.time;
  if (onClock) columns.clock = history.columns.clock;
  for (const { quantity } of traced) columns[quantity] = history.columns[quantity];
  return { rows: history.rows, columns };
}

/** Which runs are drawn over training, one by one or as averages of trials, and the points of their lines. */

import { quantileSorted } from "d3";
import { estimate } from "../../src/results/estimate.ts";
import { evenly } from "../../src/results/evenly.ts";
import { hasTrials, isSeed, settingsOf } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import type { Arrangement } from "./arrangement.ts";
import { pixel } from "./crowd.ts";
import type { LeftOut } from "./extent.ts";
import { type AnyAxisType, type AxisType, hasPlace } from "./extent.ts";
import type { Choice } from "./figure.ts";
import { formatCount, plural } from "./format.ts";
import { floorBelow, hasFloor } from "./rounding-floor.ts";
import { hasDiverged, historyRows, numberAt, recordedRuns } from "./runs.ts";

/** What a line shows: a column of the history, and how its line looks. */
export interface Traced {
  quantity: string;
  dashed?: boolean;
}

/** More lines than this are thinned. */
const mostLines = 48;
/** ... over all panels, and in each at least so many. */
const mostLinesOfPanels = { all: 144, each: 8 };
/** So many bands still are told apart. */
const mostBands = 10;
/** Places on the axis that a band is computed at. */
const bandPlaces = 240;

/** A point of a line. */
export interface Point {
  x: number;
  y: number;
  /** Points of one line share it. */
  line: string;
  quantity: string;
  colour: string;
  /** A row of the runs table: the line's run, or the first of its trials. */
  row: number;
  /** The line's runs, as the runs table numbers them. */
  runs: readonly number[];
  /** The row of the history that it is; averages are none. */
  record?: number;
  panel: number;
  dash: number;
  /** The value lies where float32 leaves nothing but rounding. */
  isRounding: boolean;
  /** Half of the line's runs have ended, or more. */
  isFading: boolean;
  /** Trials that the point is an average of, and how many of them have ended before it. */
  count: number;
  ended: number;
}

export interface Band {
  x: number;
  low: number;
  high: number;
  line: string;
  colour: string;
  runs: readonly number[];
  panel: number;
}

export interface Axes {
  against: "epoch" | "time";
  x: AnyAxisType;
  y: AxisType;
}

export interface Drawn {
  points: Point[];
  bands: Band[];
  /** Lines in all. */
  lines: number;
  /** The lowest floor of the lines' quantities; 0 where some have none. */
  floor: number;
  notes: string[];
}

/** What is drawn of trials: each run, or averages with what they are known to. */
const averages = {
  median: { label: "median, middle 80%", centre: "medians", band: "the middle 80%", share: 0.8 },
  quartiles: { label: "median, middle 50%", centre: "medians", band: "the middle 50%", share: 0.5 },
  mean: {
    label: "mean, 95% interval",
    centre: "means",
    band: "the 95% interval of the mean",
    share: undefined,
  },
} as const;
type Average = keyof typeof averages;
const eachRun = "each";

/** The choice between runs and averages; trials that are few are drawn one by one. */
export const trialsControl = (results: Results): Choice => ({
  kind: "choice",
  label: "Trials",
  options: [
    { value: eachRun, label: "each run" },
    ...(hasTrials(results) ? Object.entries(averages).map(([value, { label }]) => ({ value, label })) : []),
  ],
  initial: areAveraged(results) ? "median" : eachRun,
});

/** Whether trials are so many that averages are drawn before anyone chooses. */
export const areAveraged = (results: Results): boolean => hasTrials(results) && results.runs.rows > mostLines;

/** Rows of the runs table that one line stands for. */
interface Line {
  rows: number[];
  panel: number;
}

/** Chooses which lines are drawn, and collects their points. */
export function gatherLines(
  results: Results,
  traced: Traced[],
  axes: Axes,
  { trials, colour }: { trials: string; colour: string },
  arrangement: Arrangement,
  leftOut: LeftOut,
): Drawn {
  const average = trials in averages ? (trials as Average) : undefined;
  const { kept, all, diverged } = chooseLines(results, average !== undefined, colour, arrangement);
  const bands: Band[] = [];
  const points: Point[] = [];
  const panels = arrangement.panels?.titles.length ?? 1;
  const hasBands = kept.length * traced.length <= mostBands * panels;
  let floor = Infinity;
  for (const { quantity } of traced)
    for (const { rows, panel } of kept) {
      const courses = rows.map((row) => courseOf(results, axes, quantity, row, leftOut));
      const floors = courses.map((course) => course.floor).filter((own) => own > 0);
      floor = Math.min(floor, ...(hasFloor(results, quantity) ? floors : [0]));
      const shared = {
        line: `${quantity} ${rows[0]}`,
        quantity,
        colour: arrangement.colours.of(rows[0]),
        row: rows[0],
        runs: rows.map((row) => numberAt(results.runs.columns.run, row)),
        panel,
        dash: arrangement.dashOf(rows[0]),
      };
      if (average === undefined) points.push(...runPoints(courses[0], axes, shared, leftOut));
      else {
        const averaged = averagePoints(courses, axes, average, stillTrain(results, rows), shared, leftOut);
        points.push(...averaged.points);
        if (hasBands) bands.push(...averaged.bands);
      }
    }
  const lines = kept.length * traced.length;
  const notes =
    average === undefined
      ? thinnedNotes(kept.length, all, "run", arrangement.colours.title)
      : [
          averageNote(average, axes, kept, hasBands),
          ...thinnedNotes(kept.length, all, "setting", arrangement.colours.title),
          ...endedNotes(points),
          ...(diverged > 0 ? [`${plural(diverged, "diverged run")} left out.`] : []),
        ];
  return { points, bands, lines, floor: floor < Infinity ? floor : 0, notes };
}

/** Lines in the order of their colours: a run each, or a setting each, whose runs differ in nothing but their seeds. */
function chooseLines(
  results: Results,
  averaged: boolean,
  colour: string,
  { colours, panels, panelOf }: Arrangement,
): { kept: Line[]; all: number; diverged: number } {
  const recorded = historyRows(results).map((rows) => rows.length > 0);
  const groups = averaged
    ? settingsOf(results).flatMap(({ rows }) => (isSeed(colour) ? groupBy(rows, colours.place) : [[...rows]]))
    : [...recorded.keys()].map((row) => [row]);
  let diverged = 0;
  const lines = groups.flatMap((group): Line[] => {
    const rows = group.filter((row) => {
      if (!recorded[row]) return false;
      if (averaged && hasDiverged(results, row)) diverged++;
      return !averaged || !hasDiverged(results, row);
    });
    const panel = rows.length > 0 ? panelOf(rows[0]) : undefined;
    return panel === undefined ? [] : [{ rows, panel }];
  });
  const ordered = lines.sort(
    (a, b) => colours.place(a.rows[0]) - colours.place(b.rows[0]) || a.rows[0] - b.rows[0],
  );
  const count = panels?.titles.length ?? 1;
  const most =
    count > 1 ? Math.max(mostLinesOfPanels.each, Math.floor(mostLinesOfPanels.all / count)) : mostLines;
  const ofPanels = groupBy(ordered, ({ panel }) => panel);
  return {
    kept: ofPanels.flatMap((own) => evenly(own, most)),
    all: averaged ? ordered.length : recordedRuns(results),
    diverged,
  };
}

const thinnedNotes = (kept: number, all: number, noun: string, order: string): string[] =>
  kept < all
    ? [
        `${formatCount(kept)} of ${plural(all, noun)} are drawn` +
          `${order ? `, evenly chosen in the order of ${order}` : ""}.`,
      ]
    : [];

function averageNote(average: Average, axes: Axes, kept: Line[], hasBands: boolean): string {
  const sizes = kept.map(({ rows }) => rows.length);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const n = least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
  const { centre, band } = averages[average];
  const logarithms = average === "mean" && axes.y === "log" ? " of logarithms" : "";
  return `Lines are ${centre}${logarithms}${hasBands ? `, bands hold ${band},` : ""} of n = ${n} runs each.`;
}

/** How many runs are no longer there at the end of their lines. */
function endedNotes(points: readonly Point[]): string[] {
  const last = [...new Map(points.map((point) => [point.line, point])).values()];
  const ended = last.reduce((sum, point) => sum + point.ended, 0);
  if (ended === 0) return [];
  const all = last.reduce((sum, point) => sum + point.count, 0);
  const fades = points.some(({ isFading }) => isFading);
  return [
    `${formatCount(ended)} of ${plural(all, "run")} end before the last of their line, and keep their last values` +
      `${fades ? "; a line is thin where half of its runs have ended, or more" : ""}.`,
  ];
}

type Shared = Pick<Point, "line" | "quantity" | "colour" | "row" | "runs" | "panel" | "dash">;

/** A run's way through a quantity. What has fallen below its floor stands on it, where the axis is a logarithm. */
interface Course {
  /** Rows of the history. */
  records: number[];
  x: Float64Array;
  y: Float64Array;
  /** The floor at the end; 0 where there is none. */
  floor: number;
  isRounding: Uint8Array;
  /** How far an average has come along it. */
  at: number;
}

function courseOf(results: Results, axes: Axes, quantity: string, row: number, leftOut: LeftOut): Course {
  const { [axes.against]: xs, [quantity]: ys } = results.history.columns;
  const records = Array.from(historyRows(results)[row]).filter((record) =>
    leftOut.admits(numberAt(xs, record), numberAt(ys, record), "linear", "linear"),
  );
  const y = Float64Array.from(records, (record) => numberAt(ys, record));
  const isRounding = new Uint8Array(records.length);
  let largest = 0;
  for (let k = 0; k < y.length; k++) {
    largest = Math.max(largest, y[k]);
    const floor = floorBelow(results, quantity, largest);
    if (!(y[k] < floor)) continue;
    isRounding[k] = 1;
    if (axes.y === "log") y[k] = floor;
  }
  return {
    records,
    x: Float64Array.from(records, (record) => numberAt(xs, record)),
    y,
    floor: floorBelow(results, quantity, largest),
    isRounding,
    at: 0,
  };
}

function runPoints(course: Course, axes: Axes, shared: Shared, leftOut: LeftOut): Point[] {
  const points: Point[] = [];
  course.x.forEach((x, k) => {
    const y = course.y[k];
    if (leftOut.admits(x, y, axes.x, axes.y))
      points.push({
        ...shared,
        x,
        y,
        record: course.records[k],
        isRounding: course.isRounding[k] === 1,
        isFading: false,
        count: 1,
        ended: 0,
      });
  });
  return points;
}

/** Whether some of the runs have not ended. */
const stillTrain = (results: Results, rows: readonly number[]): boolean =>
  rows.some((row) => !endings.has(String(results.runs.columns.status[row])));

const endings = new Set(["converged", "finished", "diverged"]);

/**
 * Averages of trials over training. Runs end at different times, and the ones that train longest are not like the others:
 * whoever has ended stays in the average with its last value, or curves would rise where no run does.
 */
function averagePoints(
  all: readonly Course[],
  axes: Axes,
  average: Average,
  areRunning: boolean,
  shared: Shared,
  leftOut: LeftOut,
): { points: Point[]; bands: Band[] } {
  const courses = all.filter(({ x }) => x.length > 0);
  if (courses.length === 0) return { points: [], bands: [] };
  const lastOf = ({ x }: Course) => x[x.length - 1];
  // Of runs that still train nobody knows what they will be: the line goes as far as all of them.
  const until = courses.map(lastOf).reduce((a, b) => (areRunning ? Math.min(a, b) : Math.max(a, b)));
  const points: Point[] = [];
  const bands: Band[] = [];
  const floor = courses.reduce((least, course) => Math.min(least, course.floor), Infinity);
  for (const x of placesOf(courses, until, axes)) {
    const ended = courses.filter((course) => lastOf(course) < x).length;
    const values = courses.map((course) => valueAt(course, x, axes.y));
    const { centre, low, high } = averageOf(values, average, axes.y);
    if (!leftOut.admits(x, centre, axes.x, axes.y)) continue;
    points.push({
      ...shared,
      x,
      y: centre,
      isRounding: floor > 0 && centre <= floor,
      isFading: 2 * ended >= courses.length,
      count: courses.length,
      ended,
    });
    const { line, colour, runs, panel } = shared;
    bands.push({ x, low, high, line, colour, runs, panel });
  }
  return { points, bands };
}

/** Where an average is computed: at records of runs that go on after them, and at the end; a few to a pixel. */
function placesOf(courses: readonly Course[], until: number, axes: Axes): number[] {
  const places = new Set<number>();
  for (const { x } of courses) for (let k = 0; k + 1 < x.length; k++) if (x[k] < until) places.add(x[k]);
  places.add(until);
  const ordered = [...places].filter((x) => hasPlace(x, axes.x)).sort((a, b) => a - b);
  if (ordered.length <= bandPlaces) return ordered;
  const constant = ordered.find((x) => x > 0) ?? 1;
  const axis = {
    type: axes.x,
    domain: [ordered[0], until] as [number, number],
    pixels: bandPlaces,
    constant,
  };
  return ordered.filter(
    (x, k) => k === ordered.length - 1 || k === 0 || pixel(x, axis) !== pixel(ordered[k - 1], axis),
  );
}

/** A run's value at a place on the axis, straight between its records, on a log axis in the logarithm. */
function valueAt(course: Course, x: number, type: AxisType): number {
  const { x: xs, y: ys } = course;
  while (course.at + 1 < xs.length && xs[course.at + 1] <= x) course.at++;
  const { at } = course;
  const before = ys[at];
  if (at + 1 === xs.length || x <= xs[at]) return before;
  const after = ys[at + 1];
  const share = (x - xs[at]) / (xs[at + 1] - xs[at]);
  return type === "log" && before > 0 && after > 0
    ? before * (after / before) ** share
    : before + share * (after - before);
}

/** Centre and ends of a band. Zeros count as what they are: on a log axis as the least of all. */
function averageOf(
  values: number[],
  average: Average,
  type: AxisType,
): { centre: number; low: number; high: number } {
  const { share } = averages[average];
  if (share !== undefined) {
    const sorted = [...values].sort((a, b) => a - b);
    const [centre, low, high] = [0.5, (1 - share) / 2, (1 + share) / 2].map((at) =>
      quantileSorted(sorted, at)!,
    );
    return { centre, low, high };
  }
  const [forward, back] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  const { mean, margin } = estimate(values.map(forward));
  const half = Number.isFinite(margin) ? margin : 0;
  return { centre: back(mean), low: back(mean - half), high: back(mean + half) };
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => number): Item[][] {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** Keeps of every line, in every pixel column, the first, lowest, highest and last point: the picture is the same. */
export function thin(points: Point[], column: (x: number) => number): Point[] {
  const kept: Point[] = [];
  for (let from = 0; from < points.length;) {
    const { line } = points[from];
    const at = column(points[from].x);
    let lowest = from;
    let highest = from;
    let to = from;
    for (; to < points.length && points[to].line === line && column(points[to].x) === at; to++) {
      if (points[to].y < points[lowest].y) lowest = to;
      if (points[to].y > points[highest].y) highest = to;
    }
    for (const k of [...new Set([from, lowest, highest, to - 1])].sort((a, b) => a - b)) kept.push(points[k]);
    from = to;
  }
  return kept;
}

export interface LineEnd extends Point {
  /** The line is a single point. */
  alone: boolean;
}

export function lineEnds(points: Point[]): LineEnd[] {
  const ends: LineEnd[] = [];
  let from = 0;
  points.forEach((point, k) => {
    if (points[k + 1]?.line === point.line) return;
    ends.push({ ...point, alone: k === from });
    from = k + 1;
  });
  return ends;
}

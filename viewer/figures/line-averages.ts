/** Courses of runs through a quantity, and averages of several. */

import { quantileSorted } from "d3";
import { estimate } from "../../src/results/estimate.ts";
import type { Results } from "../../src/results/types.ts";
import { pixel } from "./crowd.ts";
import { type AxisType, hasPlace, type LeftOut } from "./extent.ts";
import { type Axes, type Band, type Point, pointOf, type Shared } from "./line-points.ts";
import { floorBelow } from "./rounding-floor.ts";
import { historyRows, numberAt } from "./runs.ts";

/** Places on the axis that a band is computed at. */
const bandPlaces = 240;

/** What is drawn of trials: each run, or averages with what they are known to. */
export const averages = {
  median: { label: "median, middle 80%", centre: "medians", band: "the middle 80%", share: 0.8 },
  quartiles: { label: "median, middle 50%", centre: "medians", band: "the middle 50%", share: 0.5 },
  mean: {
    label: "mean, 95% interval",
    centre: "means",
    band: "the 95% interval of the mean",
    share: undefined,
  },
} as const;
export type Average = keyof typeof averages;
/** A run's way through a quantity. What has fallen below its floor stands on it, where the axis is a logarithm. */
export interface Course {
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

export function courseOf(
  results: Results,
  axes: Axes,
  quantity: string,
  row: number,
  leftOut: LeftOut,
): Course {
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
    // A quantity without a floor can be below zero, and means it.
    if (!(floor > 0 && y[k] < floor)) continue;
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

/**
 * Averages of trials over training. Runs end at different times, and the ones that train longest are not like the others:
 * whoever has ended stays in the average with its last value, or curves would rise where no run does.
 */
export function averagePoints(
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
    points.push(
      pointOf(shared, {
        x,
        y: centre,
        isRounding: floor > 0 && centre <= floor,
        isFading: 2 * ended >= courses.length,
        count: courses.length,
        ended,
      }),
    );
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

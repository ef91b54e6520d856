/** Points of lines over training, and their axes. */

import type { AnyAxisType, AxisType } from "./extent.ts";

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

export const axisTitles = {
  epoch: "epoch",
  time: "time (step size × updates)",
  clock: "clock τ of the saddles",
};

export interface Axes {
  against: keyof typeof axisTitles;
  x: AnyAxisType;
  y: AxisType;
}

/** What all points of a line have. */
export type Shared = Pick<Point, "line" | "quantity" | "colour" | "row" | "runs" | "panel" | "dash">;

/**
 * A point of a line. Field by field: there are thousands, and objects that begin with another's fields spread are slow to read
 * for good.
 */
export const pointOf = (
  { line, quantity, colour, row, runs, panel, dash }: Shared,
  { x, y, record, isRounding, isFading, count, ended }: Omit<Point, keyof Shared>,
): Point => ({
  line,
  quantity,
  colour,
  row,
  runs,
  panel,
  dash,
  x,
  y,
  ...(record !== undefined && { record }),
  isRounding,
  isFading,
  count,
  ended,
});

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

/** Which runs are drawn over training, one by one or as bands, and the points of their lines. */

import { maxIndex, quantileSorted } from "d3";
import { evenly } from "../../src/results/evenly.ts";
import type { Results } from "../../src/results/types.ts";
import type { AxisType, LeftOut } from "./extent.ts";
import { formatCount, plural } from "./format.ts";
import type { LineColours } from "./line-colours.ts";
import { hasDiverged, historyRows, recordAt, recordedRuns, rowOfRecord } from "./runs.ts";

/** What a line shows: a column of the history, and how its line looks. */
export interface Traced {
  quantity: string;
  dashed?: boolean;
}

/** More runs than this are drawn as bands, or thinned. */
const mostLines = 48;
/** So many distinct colours still read as bands. */
const mostBands = 10;
/** Records that a band is computed at. */
const bandRecords = 240;

/** A point of a line. */
export interface Point {
  x: number;
  y: number;
  /** Points of one line share it. */
  line: string;
  colour: string;
  row: number;
  record: number;
}

interface Band {
  x: number;
  low: number;
  high: number;
  line: string;
  colour: string;
}

export interface Axes {
  against: "epoch" | "time";
  x: AxisType;
  y: AxisType;
}

interface Drawn {
  points: Point[];
  bands: Band[];
  /** Lines in all. */
  lines: number;
  notes: string[];
}

/** Chooses which runs are drawn, one by one or as bands, and collects their points. */
export function gatherLines(
  results: Results,
  traced: Traced[],
  axes: Axes,
  colours: LineColours,
  leftOut: LeftOut,
): Drawn {
  const rows = historyRows(results);
  const recorded = [...rows.keys()].filter((row) => rows[row].length > 0);
  const ordered = recorded.sort((a, b) => colours.place(a) - colours.place(b) || a - b);
  const x = results.history.columns[axes.against] as ArrayLike<number>;
  const trace = (row: number, quantity: string): Point[] => {
    const y = results.history.columns[quantity] as ArrayLike<number>;
    const points: Point[] = [];
    for (const record of rows[row]) {
      if (leftOut.admits(x[record], y[record], axes.x, axes.y))
        points.push({
          x: x[record],
          y: y[record],
          line: `${quantity} ${row}`,
          colour: colours.of(row),
          row,
          record,
        });
    }
    return points;
  };

  if (ordered.length <= mostLines) {
    const points = traced.flatMap(({ quantity }) => ordered.flatMap((row) => trace(row, quantity)));
    return { points, bands: [], lines: ordered.length * traced.length, notes: [] };
  }
  const groups = groupBy(ordered, colours.place);
  if (groups.length > mostBands) {
    const kept = evenly(ordered, mostLines);
    const points = traced.flatMap(({ quantity }) => kept.flatMap((row) => trace(row, quantity)));
    const order = colours.title ? `, evenly chosen in the order of ${colours.title}` : "";
    return {
      points,
      bands: [],
      lines: kept.length * traced.length,
      notes: [`${formatCount(kept.length)} of ${plural(recordedRuns(results), "run")} are drawn${order}.`],
    };
  }
  const points: Point[] = [];
  const bands: Band[] = [];
  for (const { quantity } of traced) {
    const y = results.history.columns[quantity] as ArrayLike<number>;
    for (const group of groups) {
      const steady = group.filter((row) => !hasDiverged(results, row));
      const longest = steady[maxIndex(steady, (row) => rows[row].length)] ?? group[0];
      const recorded = Array.from(rows[longest], (row, place) => recordAt(results, row, place));
      const shared = { line: `${quantity} ${group[0]}`, colour: colours.of(group[0]), row: group[0] };
      for (const number of evenly(recorded, bandRecords)) {
        const records = steady
          .map((row) => rowOfRecord(results, row, number))
          .filter((record) => record !== undefined);
        const kept = records.filter((record) => leftOut.admits(x[record], y[record], axes.x, axes.y));
        if (kept.length === 0) continue;
        const ys = kept.map((record) => y[record]).sort((a, b) => a - b);
        const xs = kept.map((record) => x[record]).sort((a, b) => a - b);
        const at = quantileSorted(xs, 0.5)!;
        points.push({ ...shared, x: at, y: quantileSorted(ys, 0.5)!, record: kept[0] });
        bands.push({ ...shared, x: at, low: quantileSorted(ys, 0.1)!, high: quantileSorted(ys, 0.9)! });
      }
    }
  }
  const sizes = groups.map((group) => group.length);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const of = least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
  const diverged = ordered.filter((row) => hasDiverged(results, row)).length;
  return {
    points,
    bands,
    lines: groups.length * traced.length,
    notes: [
      `Lines are medians, bands hold the middle 80% of ${of} runs each.`,
      ...(diverged > 0 ? [`${plural(diverged, "diverged run")} left out.`] : []),
    ],
  };
}

function groupBy(rows: number[], key: (row: number) => number): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
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

/** Which runs are drawn over training, one by one or as averages of trials, and the points of their lines. */

import { evenly } from "../../src/results/evenly.ts";
import { hasTrials, isSeed, settingsOf } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import type { Arrangement } from "./arrangement.ts";
import type { LeftOut } from "./extent.ts";
import type { Choice } from "./figure.ts";
import { formatCount, plural } from "./format.ts";
import { type Average, averagePoints, averages, type Course, courseOf } from "./line-averages.ts";
import { type Axes, type Band, type Point, pointOf, type Shared } from "./line-points.ts";
import { hasFloor } from "./rounding-floor.ts";
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

export interface Drawn {
  points: Point[];
  bands: Band[];
  /** Lines in all. */
  lines: number;
  /** The lowest floor of the lines' quantities; 0 where some have none. */
  floor: number;
  notes: string[];
}

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

function runPoints(course: Course, axes: Axes, shared: Shared, leftOut: LeftOut): Point[] {
  const points: Point[] = [];
  course.x.forEach((x, k) => {
    const y = course.y[k];
    if (leftOut.admits(x, y, axes.x, axes.y))
      points.push(
        pointOf(shared, {
          x,
          y,
          record: course.records[k],
          isRounding: course.isRounding[k] === 1,
          isFading: false,
          count: 1,
          ended: 0,
        }),
      );
  });
  return points;
}

/** Whether some of the runs have not ended. */
const stillTrain = (results: Results, rows: readonly number[]): boolean =>
  rows.some((row) => !endings.has(String(results.runs.columns.status[row])));

const endings = new Set(["converged", "finished", "diverged"]);

function groupBy<Item>(items: readonly Item[], key: (item: Item) => number): Item[][] {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

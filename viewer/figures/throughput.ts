import * as Plot from "@observablehq/plot";
import type { Compared, Report, Row, Spread } from "../../bench/row.ts";
import { workloads } from "../../bench/workloads/registry.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { type Choice, defineFigure } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { Theme } from "./theme.ts";

/** Rows that were timed: of the others there is nothing to draw. */
export type TimedRow = Row & { run_steps_per_s: number; gflops: number; us_per_step: Spread };

export const timedRows = ({ rows }: Report): TimedRow[] =>
  rows.filter((row): row is TimedRow => row.us_per_step !== null);

/** One colour a workload, in the order in which they came. */
export function workloadColours({ rows }: Report, theme: Theme): Map<string, string> {
  const ids = [...new Set(rows.map(({ workload }) => workload))];
  const { categories, line } = theme;
  return new Map(
    ids.map((id, place) => [
      id,
      ids.length <= categories.length ? categories[place] : line(place / (ids.length - 1)),
    ]),
  );
}

/** What did not come to a time, as a sentence. */
export const failures = ({ rows }: Report): string[] =>
  rows.flatMap(({ workload, engine, runs, error }) =>
    error === undefined ? [] : [`${workload}, ${plural(runs, "run")}, ${engine}: ${error}.`],
  );

const rival = "js";

/** What is drawn, at so many microseconds a step; of rates the more the better, of times the less. */
const axes = {
  run_steps_per_s: {
    label: "run-steps per second",
    at: ({ runs }: TimedRow, microseconds: number) => (1e6 * runs) / microseconds,
  },
  us_per_step: { label: "µs per step of all runs", at: (_: TimedRow, microseconds: number) => microseconds },
  gflops: {
    label: "GFLOP/s",
    at: ({ gflops, us_per_step }: TimedRow, microseconds: number) =>
      (gflops * us_per_step.median) / microseconds,
  },
};

/** A row where it is drawn, with its spread from the 10th to the 90th percentile. */
interface Point extends TimedRow {
  x: number;
  y: number;
  low: number;
  high: number;
  /** The report that it is of, where that is drawn beside. */
  from: string;
  /** Of the same line. */
  line: string;
}

function pointsOf(
  report: Compared,
  x: (row: TimedRow) => number,
  at: (typeof axes)[keyof typeof axes]["at"],
): Point[] {
  const all = [{ name: "", report: report as Report }, ...(report.beside ?? [])];
  return all.flatMap(({ name, report: { rows } }) =>
    rows
      .filter((row): row is TimedRow => row.us_per_step !== null)
      .map((row) => {
        const { p10, median, p90 } = row.us_per_step;
        const ends = [at(row, p10), at(row, p90)];
        return {
          ...row,
          x: x(row),
          y: at(row, median),
          low: Math.min(...ends),
          high: Math.max(...ends),
          from: name,
          line: [row.workload, row.engine, name].join(),
        };
      }),
  );
}

const ours = "alphasweep";

/** So many labels have room on the axis. */
const mostLabels = 12;

/** The numbers that were measured; of such as would run into each other, the smaller. */
function measuredRuns(runs: number[]): number[] {
  const counts = [...new Set(runs)].sort((a, b) => a - b);
  const apart = (counts.at(-1)! / counts[0]) ** (1 / mostLabels);
  return counts.reduce<number[]>(
    (kept, count) => (count < apart * (kept.at(-1) ?? 0) ? kept : [...kept, count]),
    [],
  );
}

/** What training reaches against the number of runs that are trained at once. */
export const throughput = defineFigure<{ y: Choice }, Compared>({
  id: "throughput",
  title: "Throughput against the number of runs",
  caption:
    "Updates of one run a second, all runs together: the median, and bars from the 10th to the 90th percentile of the repeats. Dashed, plain JavaScript on one thread. Where a line is flat, the adapter is full.",
  needs: [],
  wide: true,
  controls: () => ({
    y: {
      kind: "choice",
      label: "Show",
      options: Object.entries(axes).map(([value, { label }]) => ({ value, label })),
      initial: "run_steps_per_s",
    },
  }),
  draw(report, frame, { y }) {
    const { theme } = frame;
    const axis = axes[y as keyof typeof axes];
    const colours = workloadColours(report, theme);
    const points = pointsOf(report, ({ runs }) => runs, axis.at);
    const colour = ({ workload }: Row) => colours.get(workload) ?? theme.muted;
    const others = [
      ...new Set(points.flatMap(({ engine }) => (engine === ours || engine === rival ? [] : [engine]))),
    ];
    const beside = points.filter(({ from }) => from !== "");
    const own = points.filter(({ from }) => from === "");
    const of = (engines: readonly string[]) => own.filter(({ engine }) => engines.includes(engine));
    const options = { x: "x", y: "y", z: "line", stroke: colour };
    return drawChart(
      {
        label: `${axis.label} against the number of runs`,
        x: {
          title: "runs",
          type: "log",
          ticks: measuredRuns(points.map(({ x }) => x)),
          domain: domainOf(
            points.map(({ x }) => x),
            "log",
          ),
        },
        y: {
          title: axis.label,
          type: "log",
          domain: domainOf(
            points.flatMap(({ low, high }) => [low, high]),
            "log",
          ),
        },
        legend: [
          { entries: [...colours].map(([label, colour]) => ({ label, colour, mark: "dot" })) },
          {
            entries: [
              { label: "alphasweep", colour: theme.muted, mark: "line" },
              { label: "plain JavaScript", colour: theme.muted, mark: "dashed" },
              ...(others.length > 0
                ? [{ label: others.join(", "), colour: theme.muted, mark: "line" as const, dash: "1,3" }]
                : []),
              ...(report.beside ?? []).map(({ name }) => ({
                label: name,
                colour: theme.muted,
                mark: "ring" as const,
              })),
            ],
          },
        ],
        marks: [
          Plot.ruleX(points, {
            x: "x",
            y1: "low",
            y2: "high",
            stroke: colour,
            strokeWidth: 3,
            strokeOpacity: 0.35,
          }),
          Plot.line(beside, { ...options, strokeWidth: 1, strokeOpacity: 0.7 }),
          Plot.dot(beside, { x: "x", y: "y", r: 3, fill: theme.background, stroke: colour }),
          Plot.line(of(others), { ...options, strokeWidth: 1.5, strokeDasharray: "1,3" }),
          Plot.dot(of(others), { x: "x", y: "y", r: 2, fill: colour }),
          Plot.line(of([rival]), { ...options, strokeWidth: 1.5, strokeDasharray: "5,3" }),
          Plot.dot(of([rival]), { x: "x", y: "y", r: 2, fill: colour }),
          Plot.line(of([ours]), { ...options, strokeWidth: 2 }),
          Plot.dot(of([ours]), { x: "x", y: "y", r: 3, fill: colour }),
          ...pointed(points, {
            text: ({ workload, runs, engine, us_per_step, times_js, y, from }) =>
              [
                `${workload}, ${plural(runs, "run")}, ${engine}${from && `, ${from}`}`,
                `${axis.label}: ${formatNumber(y, 3)}`,
                `${formatNumber(us_per_step.median, 3)} (${formatNumber(us_per_step.p10, 3)} … ${formatNumber(us_per_step.p90, 3)}) µs a step`,
                ...(times_js === null || engine === rival
                  ? []
                  : [`${formatNumber(times_js, 3)} times as fast as js`]),
              ].join("\n"),
            colour,
            theme,
          }),
        ],
        notes: failures(report),
      },
      frame,
    );
  },
  data: (report) => rowsTable(timedRows(report)),
});

const rangeOf = (id: string): readonly [number, number] | undefined =>
  workloads.find((workload) => workload.id === id)?.alphas;

/** Whether alpha makes steps slower: tiny weights, or large ones. */
export const throughputOverAlpha = defineFigure<Record<string, never>, Compared>({
  id: "throughput-over-alpha",
  title: "Throughput over ranges of alpha",
  caption:
    "Sweeps of alpha over a range each, the run-steps per second of the largest sweep that was measured. A step takes the same work whatever alpha is: lines should be level.",
  needs: [],
  wide: true,
  controls: () => ({}),
  draw(report, frame) {
    const { theme } = frame;
    const colours = workloadColours(report, theme);
    const axis = axes.run_steps_per_s;
    const points = pointsOf(
      report,
      ({ workload }) => Math.sqrt(rangeOf(workload)?.reduce((a, b) => a * b, 1) ?? NaN),
      axis.at,
    )
      .filter(({ x, engine }) => Number.isFinite(x) && engine === ours)
      .filter((point, _, all) => all.every((other) => other.line !== point.line || other.runs <= point.runs))
      .map((point) => ({ ...point, start: rangeOf(point.workload)![0], end: rangeOf(point.workload)![1] }));
    const colour = ({ workload }: Row) => colours.get(workload) ?? theme.muted;
    return drawChart(
      {
        label: "run-steps per second over ranges of alpha",
        x: {
          title: "α",
          type: "log",
          domain: domainOf(
            points.flatMap(({ start, end }) => [start, end]),
            "log",
          ),
        },
        y: {
          title: axis.label,
          type: "log",
          domain: domainOf(
            points.flatMap(({ low, high }) => [low, high, high / 2, 2 * low]),
            "log",
          ),
        },
        legend: [
          {
            entries: [...new Map(points.map((point) => [point.workload, point])).values()].map((point) => ({
              label: `${point.workload}, ${plural(point.runs, "run")}`,
              colour: colour(point),
              mark: "line" as const,
            })),
          },
        ],
        marks: [
          Plot.rectY(points, {
            x1: "start",
            x2: "end",
            y1: "low",
            y2: "high",
            fill: colour,
            fillOpacity: 0.25,
          }),
          ...["", "5,3"].map((dash) =>
            Plot.link(
              points.filter(({ from }) => (from === "") === (dash === "")),
              {
                x1: "start",
                x2: "end",
                y1: "y",
                y2: "y",
                stroke: colour,
                strokeWidth: 2,
                strokeDasharray: dash,
              },
            ),
          ),
          ...pointed(points, {
            text: ({ workload, y, from }) =>
              `${workload}${from && `, ${from}`}\n${axis.label}: ${formatNumber(y, 3)}`,
            colour,
            theme,
          }),
        ],
        notes: points.length === 0 ? ["No sweep of alpha has been measured."] : [],
      },
      frame,
    );
  },
  data: (report) => rowsTable(timedRows(report)),
});

/** Rows as a table. */
export const rowsTable = (rows: TimedRow[]) => ({
  rows: rows.length,
  columns: {
    workload: rows.map(({ workload }) => workload),
    engine: rows.map(({ engine }) => engine),
    runs: rows.map(({ runs }) => runs),
    run_steps_per_s: rows.map(({ run_steps_per_s }) => run_steps_per_s),
    us_per_step: rows.map(({ us_per_step }) => us_per_step.median),
    us_per_step_p10: rows.map(({ us_per_step }) => us_per_step.p10),
    us_per_step_p90: rows.map(({ us_per_step }) => us_per_step.p90),
    gflops: rows.map(({ gflops }) => gflops),
    flops_per_byte: rows.map(({ flops_per_byte }) => flops_per_byte),
    peak_fraction: rows.map(({ peak_fraction }) => peak_fraction),
  },
});

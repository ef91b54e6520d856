import * as Plot from "@observablehq/plot";
import type { Report, Row } from "../../bench/row.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { type Choice, defineFigure } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { Theme } from "./theme.ts";

/** Rows that were timed: of the others there is nothing to draw. */
export type TimedRow = Row & { run_steps_per_s: number; gflops: number; us_per_step: { median: number } };

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

const axes = {
  run_steps_per_s: { label: "run-steps per second", of: (row: TimedRow) => row.run_steps_per_s },
  us_per_step: { label: "µs per step of all runs", of: (row: TimedRow) => row.us_per_step.median },
  gflops: { label: "GFLOP/s", of: (row: TimedRow) => row.gflops },
};

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
export const throughput = defineFigure<{ y: Choice }, Report>({
  id: "throughput",
  title: "Throughput against the number of runs",
  caption:
    "Updates of one run a second, all runs together; dashed, plain JavaScript on one thread. Where a line is flat, the adapter is full.",
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
    const points = timedRows(report).map((row) => ({ ...row, x: row.runs, y: axis.of(row) }));
    const colour = ({ workload }: Row) => colours.get(workload)!;
    const of = (engine: "ours" | "theirs") =>
      points.filter((row) => (row.engine === rival) === (engine === "theirs"));
    const options = { x: "x", y: "y", z: "workload", stroke: colour };
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
            points.map(({ y }) => y),
            "log",
          ),
        },
        legend: [
          { entries: [...colours].map(([label, colour]) => ({ label, colour, mark: "dot" })) },
          {
            entries: [
              { label: "alphasweep", colour: theme.muted, mark: "line" },
              { label: "plain JavaScript", colour: theme.muted, mark: "dashed" },
            ],
          },
        ],
        marks: [
          Plot.line(of("theirs"), { ...options, strokeWidth: 1.5, strokeDasharray: "5,3" }),
          Plot.dot(of("theirs"), { x: "x", y: "y", r: 2, fill: colour }),
          Plot.line(of("ours"), { ...options, strokeWidth: 2 }),
          Plot.dot(of("ours"), { x: "x", y: "y", r: 3, fill: colour }),
          ...pointed(points, {
            text: ({ workload, runs, engine, us_per_step, times_js, y }) =>
              [
                `${workload}, ${plural(runs, "run")}, ${engine}`,
                `${axis.label}: ${formatNumber(y, 3)}`,
                `${formatNumber(us_per_step.median, 3)} µs a step`,
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

/** Rows as a table. */
export const rowsTable = (rows: TimedRow[]) => ({
  rows: rows.length,
  columns: {
    workload: rows.map(({ workload }) => workload),
    engine: rows.map(({ engine }) => engine),
    runs: rows.map(({ runs }) => runs),
    run_steps_per_s: rows.map(({ run_steps_per_s }) => run_steps_per_s),
    us_per_step: rows.map(({ us_per_step }) => us_per_step.median),
    gflops: rows.map(({ gflops }) => gflops),
    flops_per_byte: rows.map(({ flops_per_byte }) => flops_per_byte),
    peak_fraction: rows.map(({ peak_fraction }) => peak_fraction),
  },
});

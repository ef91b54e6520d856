import * as Plot from "@observablehq/plot";
import { arithmeticOf } from "../../bench/peaks/peaks.ts";
import type { Report } from "../../bench/row.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { defineFigure } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { rowsTable, type TimedRow, timedRows, workloadColours } from "./throughput.ts";

/** The fastest of each workload's rows. */
function best(report: Report): TimedRow[] {
  const found = new Map<string, TimedRow>();
  for (const row of timedRows(report)) {
    if (row.engine !== "alphasweep") continue;
    const known = found.get(row.workload);
    if (!known || row.gflops > known.gflops) found.set(row.workload, row);
  }
  return [...found.values()];
}

/** What the adapter allows, and what training makes of it (Williams, Waterman and Patterson 2009). */
export const roofline = defineFigure<Record<string, never>, Report>({
  id: "roofline",
  title: "Under the adapter's roof",
  caption:
    "Products and sums a second against products and sums to a byte that a step must move. The roof is what the adapter's memory and arithmetic reached alone; what lies between it and a point are loads, dispatches and barriers. A problem that fits a cache may stand above the slope.",
  needs: [],
  wide: true,
  controls: () => ({}),
  draw(report, frame) {
    const { theme } = frame;
    const { peaks } = report;
    const colours = workloadColours(report, theme);
    const peak = arithmeticOf(peaks);
    const bandwidth = peaks.bandwidth_gb_per_s;
    const ridge = peak / bandwidth;
    const points = best(report).map((row) => ({ ...row, x: row.flops_per_byte, y: row.gflops }));
    const x = domainOf([ridge / 10, 10 * ridge, ...points.map(({ x }) => x)], "log");
    const roof = [x[0], ridge, x[1]].map((x) => ({ x, y: Math.min(peak, bandwidth * x) }));
    const colour = ({ workload }: TimedRow) => colours.get(workload)!;
    return drawChart(
      {
        label: "GFLOP/s of each workload under the adapter's roofline",
        x: { title: "operations per byte", type: "log", domain: x },
        y: {
          title: "GFLOP/s",
          type: "log",
          domain: domainOf(
            [...points, ...roof].map(({ y }) => y),
            "log",
          ),
        },
        legend: [
          {
            entries: points.map((row) => ({
              label: `${row.workload}, ${plural(row.runs, "run")}`,
              colour: colour(row),
              mark: "dot",
            })),
          },
          { entries: [{ label: "the adapter's limit", colour: theme.muted, mark: "line" }] },
        ],
        marks: [
          Plot.line(roof, { x: "x", y: "y", stroke: theme.muted, strokeWidth: 2 }),
          Plot.ruleX(points, {
            x: "x",
            y1: "y",
            y2: ({ x }: { x: number }) => Math.min(peak, bandwidth * x),
            stroke: colour,
            strokeOpacity: 0.4,
          }),
          Plot.dot(points, { x: "x", y: "y", r: 4.5, fill: colour }),
          ...pointed(points, {
            text: ({ workload, runs, gflops, x }) =>
              [
                `${workload}, ${plural(runs, "run")}`,
                `${formatNumber(gflops, 3)} GFLOP/s`,
                `${formatNumber((100 * gflops) / Math.min(peak, bandwidth * x), 3)} % of the roof`,
              ].join("\n"),
            colour,
            theme,
          }),
        ],
        notes: [
          `Arithmetic ${formatNumber(peak, 3)} GFLOP/s, memory ${formatNumber(bandwidth, 3)} GB/s, ` +
            `an empty dispatch ${formatNumber(peaks.dispatch_us, 3)} µs, a submit and its answer ${formatNumber(peaks.submit_us, 3)} µs.`,
          "Of each workload the number of runs with the most GFLOP/s.",
        ],
      },
      frame,
    );
  },
  data: (report) => rowsTable(best(report)),
});

/** The benchmark as text: one line a row, in columns that do not depend on what comes later. */

import { numberText } from "../src/cli/process/number-text.ts";
import type { Peaks } from "./peaks/peaks.ts";
import type { Row } from "./row.ts";

const columns = [
  { title: "workload", width: 25, left: true },
  { title: "runs", width: 5 },
  { title: "engine", width: 13, left: true },
  { title: "us/step", width: 10 },
  { title: "p10 ... p90", width: 21 },
  { title: "run-steps/s", width: 12 },
  { title: "GFLOP/s", width: 8 },
  { title: "of peak", width: 8 },
  { title: "error", width: 8 },
  { title: "of js", width: 7 },
];

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, place) =>
      columns[place].left ? cell.padEnd(columns[place].width) : cell.padStart(columns[place].width),
    )
    .join("  ")
    .trimEnd();

export const tableHeader = (): string => line(columns.map(({ title }) => title));

/** A row; one whose results are wrong shows no time. */
export function rowText(row: Row): string {
  const { workload, runs, engine, us_per_step: time } = row;
  const start = [workload, String(runs), engine];
  if (!time) return `${line(start)}  ${row.error}`;
  return line([
    ...start,
    numberText(time.median),
    `${numberText(time.p10)} ... ${numberText(time.p90)}`,
    row.run_steps_per_s!.toPrecision(3).replace("e+", "e"),
    row.gflops!.toFixed(2),
    `${(100 * row.peak_fraction!).toFixed(1)} %`,
    row.max_relative_error!.toExponential(0),
    row.times_js === null ? "" : `${row.times_js.toFixed(2)}x`,
  ]);
}

export const peaksText = (peaks: Peaks): string =>
  [
    `arithmetic peak: ${peaks.scalar_gflops.toFixed(1)} GFLOP/s on scalars, ${peaks.vector_gflops.toFixed(1)} on vectors`,
    `memory ${peaks.bandwidth_gb_per_s.toFixed(1)} GB/s`,
    `a dispatch ${peaks.dispatch_us.toFixed(1)} us`,
    `a submit and its answer ${peaks.submit_us.toFixed(0)} us`,
  ].join("; ");

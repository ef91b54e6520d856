import type { Peaks } from "./peaks/peaks.ts";

/** Microseconds that one training step of all runs takes, over the repeats. */
export interface Spread {
  median: number;
  p10: number;
  p90: number;
}

/**
 * One engine at one workload and number of runs, as `bench --json` writes it. Of an engine that failed, or whose results
 * are wrong, there is no time: the numbers that follow from it are null, and `error` says why.
 */
export interface Row {
  workload: string;
  engine: string;
  runs: number;
  /** Updates of one run a second, all runs together. */
  run_steps_per_s: number | null;
  us_per_step: Spread | null;
  gflops: number | null;
  /** Operations of a step to a byte that it must move: where the row stands under the roofline. */
  flops_per_byte: number;
  /** Of the arithmetic peak measured on the same adapter in the same run. */
  peak_fraction: number | null;
  /** Times the speed of plain JavaScript: the median over pairs of trainings that followed one another. */
  times_js: number | null;
  /** Of the results after the timed steps, against float64; null where they are not finite. */
  max_relative_error: number | null;
  /** What rounding in float32 can explain of it; null where there is nothing to compare. */
  error_bound: number | null;
  /** Runs that were compared, evenly spread over the sweep. */
  runs_checked: number;
  /** Steps in each timed training, and how many trainings were timed. */
  steps: number;
  repeats: number;
  error?: string;
}

/** The benchmark's file. */
export interface Report {
  adapter: Record<string, unknown>;
  peaks: Peaks;
  rows: Row[];
}

/** A report, and others that are drawn beside it. */
export interface Compared extends Report {
  beside?: readonly { name: string; report: Report }[];
}

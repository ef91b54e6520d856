import { javascript } from "./engines/javascript.ts";
import type { Row } from "./row.ts";
import { median, quantile } from "./statistics.ts";
import type { Problem, Workload } from "./workloads/problem.ts";

/** What an engine's timed trainings took and led to. */
export interface Measured {
  engine: string;
  /** In every training. */
  steps: number;
  /** Microseconds a step, by training; NaN where it was too short to tell. */
  times: number[];
  /** By training, the results of the runs that are checked. */
  results: (Float32Array | Float64Array)[][];
  /** Why there is no more of it. */
  failure?: string;
}

interface Case {
  workload: Workload;
  problem: Problem;
  /** The runs that are compared with float64. */
  checked: readonly number[];
  /** GFLOP/s that rows are compared with. */
  peak: number;
}

/** Rows with times for engines whose every training ended right, and without for those of which one did not. */
export function verdict({ workload, problem, checked, peak }: Case, all: readonly Measured[]): Row[] {
  const runs = problem.runs;
  const finished = all.filter(({ failure }) => failure === undefined);
  const steps = [...new Set(finished.map((measured) => measured.steps))].sort((one, two) => one - two);
  const expectations = workload.expect(problem, checked, steps);
  const rival = finished.find(({ engine }) => engine === javascript.id);

  return all.map((measured) => {
    const row: Row = {
      workload: workload.id,
      engine: measured.engine,
      runs,
      run_steps_per_s: null,
      us_per_step: null,
      gflops: null,
      flops_per_byte: workload.flops(problem) / workload.bytes(problem),
      peak_fraction: null,
      times_js: null,
      max_relative_error: null,
      error_bound: null,
      runs_checked: 0,
      steps: measured.steps,
      repeats: measured.times.length,
    };
    if (measured.failure !== undefined) return { ...row, error: `failed: ${measured.failure}` };
    const { results, bounds } = expectations[steps.indexOf(measured.steps)];
    const errors = measured.results.flatMap((found) =>
      found.map((predictor, place) => ({
        run: checked[place],
        error: distance(predictor, results[place]),
        bound: bounds[place],
      })),
    );
    const worst = errors.reduce((one, two) => (excess(two) > excess(one) ? two : one));
    const wrong = excess(worst) > 1;
    const times = measured.times.filter(Number.isFinite);
    const compared = {
      ...row,
      max_relative_error: Number.isFinite(worst.error) ? Math.max(...errors.map(({ error }) => error)) : null,
      error_bound: worst.bound,
      runs_checked: checked.length,
    };
    if (wrong) return { ...compared, error: `wrong: ${reason(worst)}` };
    if (times.length === 0) return { ...compared, error: "too short to be timed" };
    const typical = median(times);
    const gflops = workload.flops(problem) / typical / 1000;
    return {
      ...compared,
      run_steps_per_s: (1e6 * runs) / typical,
      us_per_step: { median: typical, p10: quantile(times, 0.1), p90: quantile(times, 0.9) },
      gflops,
      peak_fraction: gflops / peak,
      times_js: rival ? timesOf(rival, measured) : null,
    };
  });
}

interface Found {
  run: number;
  error: number;
  bound: number;
}

/** Beyond 1 an error is more than rounding explains; NaN and infinity are beyond everything. */
const excess = ({ error, bound }: Found): number => (Number.isFinite(error) ? error / bound : Infinity);

const reason = ({ run, error, bound }: Found): string =>
  `run ${run} is ${Number.isFinite(error) ? `off by ${error.toPrecision(2)}` : "not finite"}, ` +
  `and rounding explains ${bound.toPrecision(2)}`;

/** How often faster: trainings that followed one another are compared, so that slow drifts cancel. */
function timesOf(rival: Measured, measured: Measured): number | null {
  const ratios = measured.times.map((time, repeat) => rival.times[repeat] / time).filter(Number.isFinite);
  return ratios.length > 0 ? median(ratios) : null;
}

/** l2 norm of the difference over that of what is expected. */
function distance(found: Float32Array | Float64Array, expected: Float64Array): number {
  let difference = 0;
  let norm = 0;
  expected.forEach((value, i) => {
    difference += (found[i] - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(difference / norm);
}

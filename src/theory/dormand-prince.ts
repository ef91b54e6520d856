import { ConvergenceError } from "./errors.ts";

/**
 * The pair of orders 5 and 4 of Dormand & Prince (1980): each row the weights of the slopes so far that lead to the next stage,
 * the last one to the step's end, where the next step's first slope is taken.
 */
const STAGES = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Order 5 less order 4. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

export interface Autonomous {
  /** out = dy/dt at y. */
  slope(y: Float64Array, out: Float64Array): void;
  /** Largest error of a step in any y_i, relative to |y_i| + floor. */
  tolerance: number;
  /** What is as good as 0. */
  floor: number;
  /** Steps allowed, rejected ones too. */
  maxSteps: number;
}

/**
 * Moves y along an autonomous flow, in place, until `arrived` after a step, or through times: it is called with each of these, and
 * with the end of every step.
 *
 * @param times increasing; the flow ends at the last. Empty: it ends where `arrived` says so
 * @param arrived called after each step with the time and whether that is the next of `times`; true ends the flow
 * @returns steps taken, and the time
 * @throws ConvergenceError after `maxSteps`, or where a step falls below the rounding of time
 */
export function integrate(
  y: Float64Array,
  { slope, tolerance, floor, maxSteps }: Autonomous,
  times: ArrayLike<number>,
  arrived: (time: number, isRecord: boolean) => boolean,
): { steps: number; time: number } {
  const slopes = Array.from({ length: 7 }, () => new Float64Array(y.length));
  const trial = y.slice();
  let [time, next, steps] = [0, 0, 0];
  slope(y, slopes[0]);
  const speed = slopes[0].reduce((most, v, i) => Math.max(most, Math.abs(v) / (Math.abs(y[i]) + floor)), 0);
  let proposal = speed > 0 ? 1e-3 / speed : 1;
  for (;;) {
    while (next < times.length && times[next] <= time) {
      if (arrived(time, true)) return { steps, time };
      next++;
    }
    if (times.length > 0 && next === times.length) return { steps, time };
    const left = next < times.length ? times[next] - time : Infinity;
    const step = Math.min(proposal, left);
    if (++steps > maxSteps || !(time + step > time))
      throw new ConvergenceError(
        `the flow stopped at time ${time.toPrecision(4)} after ${steps - 1} steps; allow more of them, or a larger tolerance`,
        steps - 1,
        left,
      );
    for (let stage = 0; stage < STAGES.length; stage++) {
      combine(y, step, STAGES[stage], slopes, trial);
      slope(trial, slopes[stage + 1]);
    }
    let error = 0;
    for (let i = 0; i < y.length; i++) {
      let miss = 0;
      for (let k = 0; k < ERROR.length; k++) miss += ERROR[k] * slopes[k][i];
      const relative = (step * Math.abs(miss)) / (Math.max(Math.abs(y[i]), Math.abs(trial[i])) + floor);
      if (!(relative <= error)) error = relative;
    }
    const factor = Number.isFinite(error)
      ? Math.min(5, Math.max(0.2, 0.9 * (error / tolerance) ** -0.2))
      : 0.2;
    if (!(error <= tolerance)) {
      proposal = step * Math.min(0.8, factor);
      continue;
    }
    y.set(trial);
    slopes.unshift(slopes.pop()!);
    time = step === left ? times[next] : time + step;
    proposal = step < proposal ? Math.max(proposal, step * factor) : step * factor;
    if (arrived(time, false)) return { steps, time };
  }
}

function combine(
  y: Float64Array,
  step: number,
  weights: readonly number[],
  slopes: readonly Float64Array[],
  out: Float64Array,
): void {
  out.set(y);
  weights.forEach((weight, k) => {
    const slope = slopes[k];
    for (let i = 0; i < y.length; i++) out[i] += step * weight * slope[i];
  });
}

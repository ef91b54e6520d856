import { DualFlowState, type FlowPoint } from "./dual-flow-state.ts";
import { ConvergenceError, InfeasibleError } from "./errors.ts";
import type { ApartInitialization } from "./initialization.ts";
import { checkSystem, type LinearSystem } from "./linear-system.ts";
import { l2Norm, maximumNorm } from "./norms.ts";
import { leastSquares } from "./row-space.ts";

export interface DualFlow {
  /** One for each requested time that the flow reached before `stopLoss`, in increasing time. */
  records: FlowPoint[];
  /** Where the flow stopped: at `stopLoss`, or at the last requested time. */
  final: FlowPoint;
  /** The dual variable there, [samples]; it tends to the multipliers of `biasMinimizer`. */
  nu: Float64Array;
  /** Accepted and rejected steps. */
  steps: number;
}

export interface DualFlowOptions {
  /** Times at which to record, >= 0, in any order; the flow ends at the last. Default: none, it runs to `stopLoss`. */
  times?: ArrayLike<number>;
  /**
   * Ends the flow with the first step whose loss is at most this (and may be well below).
   * Default: 1e-16 of the initial loss without `times`, else none.
   */
  stopLoss?: number;
  /**
   * Largest error of a step in any beta_i, relative to |beta_i| + a_i^D. Default 1e-6, which
   * keeps beta along the path within about 1e-6 of its norm.
   */
  tolerance?: number;
  /** Steps allowed. Default 20000. */
  maxSteps?: number;
}

/**
 * Gradient flow on the mean squared loss (1/N)|X beta - y|^2 of a diagonal network of any depth, from alpha w0, exactly but
 * for its time steps: the weights' 2n equations reduce to N,
 *
 *     beta = a^D h_D(w0^(D-2) Xᵀ nu),   d nu/dt = -(4 D^2 / N) alpha^(D-2) / h_D'(0) (X beta - y),   nu(0) = 0
 *
 * (for D = 2: beta = 2 a^2 sinh(Xᵀ nu), d nu/dt = -(8/N)(X beta - y); copies that start apart move by the same nu). The loss is convex in nu, so the Jacobian is symmetric
 * and negative: an L-stable Rosenbrock method follows saddles (small alpha) and fast decay (large alpha) alike, its steps
 * bounded by accuracy alone.
 *
 * @throws RangeError for wrong shapes, entries that are not finite, or options that are out of range
 * @throws InfeasibleError where `stopLoss` is below the least loss
 * @throws ConvergenceError after `maxSteps` steps, or where a step falls below the rounding of time
 * @source Woodworth et al. 2020, proofs of Theorems 1 and 3; docs/mathematics.md
 */
export function dualFlow(
  system: LinearSystem,
  initialization: ApartInitialization,
  { times, stopLoss, tolerance = 1e-6, maxSteps = 20_000 }: DualFlowOptions = {},
): DualFlow {
  checkSystem(system);
  if (!(tolerance > 0)) throw new RangeError(`tolerance is ${tolerance}; it must be positive`);
  const requested = Float64Array.from(times ?? []).sort();
  const bad = requested.find((time) => !(time >= 0 && time < Infinity));
  if (bad !== undefined) throw new RangeError(`times hold ${bad}; a time is a finite number >= 0`);
  const flow = new DualFlowState(system, initialization);
  const target = stopLoss ?? (times === undefined ? 1e-16 * flow.loss : -Infinity);
  // Only a flow without an end in time could run for ever after a loss that it cannot reach.
  if (times === undefined && flow.loss > target) checkReachable(system, target);

  const records: FlowPoint[] = [];
  let steps = 0;
  let next = 0;
  let proposal = flow.firstStep();
  for (;;) {
    while (next < requested.length && requested[next] <= flow.time) {
      records.push(flow.point());
      next++;
    }
    const reached = flow.loss <= target;
    if (reached || (times !== undefined && next === requested.length))
      return { records, final: flow.point(), nu: flow.nu.slice(), steps };
    if (++steps > maxSteps || !(flow.time + proposal > flow.time))
      throw new ConvergenceError(
        `the exact flow at alpha = ${initialization.alpha} stopped at time ${flow.time.toPrecision(4)} after ${steps - 1} steps ` +
          `with loss ${flow.loss.toPrecision(3)}; allow more steps (maxSteps), a larger tolerance or stopLoss`,
        steps - 1,
        flow.loss,
      );
    const left = next < requested.length ? requested[next] - flow.time : Infinity;
    const step = Math.min(proposal, left);
    const error = flow.tryStep(step) / tolerance;
    const factor = Math.min(5, Math.max(0.2, 0.9 * error ** -0.25));
    if (error <= 1) {
      flow.accept(step === left ? requested[next] : flow.time + step);
      // A step that was cut short to meet a record says little about the next.
      proposal = step < proposal ? Math.max(proposal, step * factor) : step * factor;
    } else proposal = step * Math.min(0.8, factor);
  }
}

/** @throws RangeError, InfeasibleError where no time reaches this loss */
function checkReachable(system: LinearSystem, target: number): void {
  if (!(target > 0))
    throw new RangeError(
      `stopLoss is ${target}; no flow reaches it in finite time: give a positive one, or times`,
    );
  const { space, residual } = leastSquares(system);
  const least = l2Norm(residual) ** 2 / system.samples;
  if (least > target)
    throw new InfeasibleError(
      `stopLoss is ${target}, but no beta has a loss below ${least.toPrecision(3)}; raise it, or give times instead`,
      maximumNorm(residual),
      space.rank,
    );
}

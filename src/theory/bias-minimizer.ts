import { factorCholesky, solveCholesky } from "./cholesky.ts";
import { dualLink, type DualLink } from "./dual-link.ts";
import { ConvergenceError } from "./errors.ts";
import {
  checkInitialization,
  initialPredictor,
  type ApartInitialization,
  type CheckedInitialization,
} from "./initialization.ts";
import { multiply, multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";
import { normalMatrix } from "./normal-matrix.ts";
import { multipliers, rowSpace, type RowSpace } from "./row-space.ts";

/** The minimizer of Q subject to X beta = y: the limit of gradient flow from alpha w0. */
export interface BiasMinimizer {
  /** [inputs] */
  beta: Float64Array;
  /** Multipliers, [samples]: the gradient of Q at beta is Xᵀ nu. */
  nu: Float64Array;
  /** Largest |X beta - y|. */
  residual: number;
  /** Newton steps, those of the continuation in alpha included. */
  iterations: number;
}

export interface MinimizerOptions {
  /** The row space of X, if it is known already. */
  space?: RowSpace;
  /** Newton steps allowed for one value of alpha on the way. Default 200 (2 to 12 are usual). */
  maxIterations?: number;
}

/**
 * The minimizer of Q (Q^D) subject to X beta = y, where gradient flow from w(0) = alpha w0 ends: damped Newton on the
 * dual, one unknown a sample. D = 1 gives the minimum-l2 solution, whatever w0. Any alpha that is a float64 will do: where
 * the minimizer has reached its limit (kernel, or rich for D >= 3) to 1e-30, that is what is computed. Where w- starts apart
 * from w+, or is not there, Q is that start's: beta = w+^D - w-^D with both moved by Xᵀ nu, and beta need not reach every y.
 *
 * @throws RangeError for wrong shapes, entries that are not finite, or an initialization that is not positive
 * @throws InfeasibleError where no beta solves X beta = y
 * @throws ConvergenceError where Newton's method needs more than `maxIterations` steps; in practice only where w0 is so uneven
 *   that w0^(2D-2), the kernel's weights, spans more than some 30 decades
 * @source Woodworth et al. 2020, Theorems 1 and 3; the dual: docs/mathematics.md
 */
export function biasMinimizer(
  system: LinearSystem,
  initialization: ApartInitialization,
  options: MinimizerOptions = {},
): BiasMinimizer {
  return biasMinimizers(system, [initialization.alpha], initialization, options)[0];
}

/**
 * The minimizers of Q for many alphas at once, in the order given: each starts from its larger neighbour's, which is several
 * times cheaper than one by one.
 * @param alphas scales of the initial weights, each > 0, in any order
 * @throws as `biasMinimizer`
 */
export function biasMinimizers(
  system: LinearSystem,
  alphas: ArrayLike<number>,
  initialization: Omit<ApartInitialization, "alpha"> = {},
  { space = rowSpace(system), maxIterations = 200 }: MinimizerOptions = {},
): BiasMinimizer[] {
  const checked = Array.from(alphas, (alpha) =>
    checkInitialization({ ...initialization, alpha }, system.inputs),
  );
  if (initialization.minus) return checked.map((apart) => fromApart(system, apart, space, maxIterations));
  const path = new MinimizerPath(system, space, maxIterations);
  const results = new Array<BiasMinimizer>(checked.length);
  const descending = [...checked.keys()].sort((left, right) => checked[right].alpha - checked[left].alpha);
  for (const index of descending) results[index] = path.advance(checked[index]);
  return results;
}

/** The same for copies that start apart: what is solved for is beta less its start. */
function fromApart(
  system: LinearSystem,
  apart: CheckedInitialization,
  space: RowSpace,
  maxIterations: number,
): BiasMinimizer {
  const start = initialPredictor(apart);
  const reached = multiply(space.basis, start, new Float64Array(space.rank));
  const coordinates = space.coordinates.map((value, k) => value - reached[k]);
  const shifted = { ...system, y: residualOf(system, start).map((value) => -value) };
  const change = new MinimizerPath(shifted, { ...space, coordinates }, maxIterations).advance(apart);
  return { ...change, beta: change.beta.map((value, i) => value + start[i]) };
}

/** Largest |V^T beta - c| that ends Newton's method, as a share of the largest |c|; and what rounding may leave. */
const RESIDUAL = 1e-13;
const ROUNDING = 1e-11;
/** Where Q's minimizer is as near to its limit as 1e-30, alpha is held there. */
const LOG_LIMIT = 30 * Math.LN10;

/** Newton's method along decreasing alpha. Unknowns in units of the minimum-l2 solution's largest entry. */
class MinimizerPath {
  private readonly unit: number;
  private readonly targets: Float64Array;
  private readonly dual: Float64Array;
  private state: Float64Array | undefined;
  private logScale = 0;

  private readonly beta: Float64Array;
  private readonly slope: Float64Array;
  private readonly change: Float64Array;
  private readonly gradient: Float64Array;
  private readonly direction: Float64Array;
  private readonly hessian: Float64Array;
  private readonly scratch: Float64Array;

  constructor(
    private readonly system: LinearSystem,
    private readonly space: RowSpace,
    private readonly maxIterations: number,
  ) {
    const { rank, inputs, basis, coordinates } = space;
    this.unit = maximumNorm(multiplyTransposed(basis, coordinates, new Float64Array(inputs))) || 1;
    this.targets = coordinates.map((value) => value / this.unit);
    this.dual = new Float64Array(rank);
    this.beta = new Float64Array(inputs);
    this.slope = new Float64Array(inputs);
    this.change = new Float64Array(inputs);
    this.gradient = new Float64Array(rank);
    this.direction = new Float64Array(rank);
    this.hessian = new Float64Array(rank * rank);
    this.scratch = new Float64Array(rank * inputs);
  }

  /** The minimizer at an alpha that is at most the last one's. */
  advance({ depth, alpha, w0, minus }: CheckedInitialization): BiasMinimizer {
    const wanted = depth * Math.log(alpha) - Math.log(this.unit);
    // D = 1: the same beta at every alpha. D >= 3: 1 - |z| of active inputs shrinks like b^((D-2)/D).
    const lowest = depth === 1 ? 0 : depth === 2 ? -Infinity : (-LOG_LIMIT * depth) / (depth - 2);
    const goal = Math.max(Math.min(wanted, depth === 1 ? 0 : LOG_LIMIT), lowest);
    // A decade of alpha at a time for D = 2; a factor 10 of 1 - |z| for D >= 3.
    const stride = Math.LN10 * (depth <= 2 ? depth : depth / (depth - 2));
    const logShape = w0.map((shape) => depth * Math.log(shape));
    const logMinus = minus?.map((shape) => depth * Math.log(shape));
    const solve = (logScale: number) => {
      this.logScale = logScale;
      const link = dualLink(
        depth,
        logShape.map((value) => logScale + value),
        w0,
        minus && logMinus && { logScale: logMinus.map((value) => logScale + value), w0: minus },
      );
      this.state ??= link.start();
      return this.solve(link, this.state, `alpha = ${alpha}, depth = ${depth}`);
    };
    let iterations = 0;
    // From nu = 0 Newton's method is at its best where every input starts in the kernel regime.
    if (this.state === undefined)
      iterations += solve(Math.max(goal, Math.min(LOG_LIMIT, -logShape.reduce((a, b) => Math.min(a, b), 0))));
    do iterations += solve(Math.max(goal, this.logScale - stride));
    while (this.logScale > goal);

    // Where alpha is held below its value (kernel limit, D = 1), X^T nu is inversely proportional to a^D.
    const correction = depth === 1 || goal < wanted ? Math.exp(goal - wanted) : 1;
    const beta = this.beta.map((value) => value * this.unit);
    return {
      beta,
      nu: multipliers(this.space, this.dual).map((value) => value * correction),
      residual: maximumNorm(residualOf(this.system, beta)),
      iterations,
    };
  }

  /** Newton's method from the current dual variable; returns the number of steps. */
  private solve(link: DualLink, state: Float64Array, where: string): number {
    const { basis, rank } = this.space;
    const enough = RESIDUAL * Math.max(1, maximumNorm(this.targets));
    let best = Infinity;
    let sinceBest = 0;
    for (let iteration = 0; ; iteration++) {
      link.predictor(state, this.beta);
      multiply(basis, this.beta, this.gradient);
      for (let k = 0; k < rank; k++) this.gradient[k] -= this.targets[k];
      const residual = maximumNorm(this.gradient);
      if (residual <= enough) return iteration;
      sinceBest = residual < best / 2 ? 0 : sinceBest + 1;
      best = Math.min(best, residual);
      if (sinceBest >= 4 && residual <= ROUNDING) return iteration;
      if (iteration >= this.maxIterations || Number.isNaN(residual))
        throw new ConvergenceError(
          `the minimizer of Q at ${where} was not reached in ${iteration} Newton steps: |X beta - y| is still ` +
            `${residual.toPrecision(3)} of the largest entry of the minimum-l2 solution`,
          iteration,
          residual,
        );
      link.slope(state, this.slope);
      normalMatrix(basis, this.slope, this.scratch, this.hessian);
      factorCholesky(this.hessian, rank);
      for (let k = 0; k < rank; k++) this.direction[k] = -this.gradient[k];
      solveCholesky(this.hessian, this.direction);
      multiplyTransposed(basis, this.direction, this.change);
      const step = this.lineSearch(link, state);
      for (let k = 0; k < rank; k++) this.dual[k] += step * this.direction[k];
      link.advance(state, this.change, step, state);
    }
  }

  /**
   * A step along the Newton direction that nearly minimizes the dual. It looks at the dual's derivative only, beta . change
   * - c . direction: values of the dual would drown in its constant. A trial costs one exponential an input, no matrix.
   */
  private lineSearch(link: DualLink, state: Float64Array): number {
    const trial = state.slice();
    let constant = 0;
    for (let k = 0; k < this.direction.length; k++) constant += this.targets[k] * this.direction[k];
    let size = Math.abs(constant);
    const derivative = (step: number) => {
      link.advance(state, this.change, step, trial);
      link.predictor(trial, this.beta);
      let sum = 0;
      size = Math.abs(constant);
      for (let i = 0; i < this.beta.length; i++) {
        const term = this.beta[i] * this.change[i];
        sum += term;
        size += Math.abs(term);
      }
      return sum - constant;
    };
    const start = Math.abs(derivative(0));
    const reach = link.reach(state, this.change);
    const end = Number.isFinite(reach) ? reach * (1 - 1e-9) : Infinity;
    let low = 0;
    let high = end;
    let step = Math.min(1, end);
    for (let trials = 0; trials < 200; trials++) {
      const value = derivative(step);
      // Cutting the derivative to 0.3 is enough: near the minimizer the full step, tried first, leaves far less.
      if (Math.abs(value) <= 0.3 * start + 2 ** -46 * size) return step;
      if (value < 0) low = step;
      else high = step;
      const next = high < Infinity ? (low + high) / 2 : 2 * step;
      if (next === step || next === high) return low;
      step = next;
    }
    return low;
  }
}

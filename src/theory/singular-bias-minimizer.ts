import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { factorCholesky, solveCholesky } from "./cholesky.ts";
import { ConvergenceError } from "./errors.ts";
import { matrixConstraints, type MatrixProblem } from "./matrix-constraints.ts";
import { measurer, type Measurer } from "./matrix-products.ts";
import { normalMatrix } from "./normal-matrix.ts";
import { maximumNorm } from "./norms.ts";
import { singularValues } from "./singular-values.ts";

/** The minimizer of Q over singular values, subject to <A_i, W> = y_i. */
export interface SingularBiasMinimizer {
  /** [rows, columns]. */
  W: Float64Array;
  /** Multipliers, [m]. */
  nu: Float64Array;
  /** Largest |<A_i, W> - y_i|. */
  residual: number;
  /** Newton steps, those of the continuation in alpha included. */
  iterations: number;
}

/** Largest residual that ends Newton's method, as a share of the largest target; and what rounding may leave. */
const RESIDUAL = 1e-13;
const ROUNDING = 1e-11;
/** Newton steps allowed for one value of alpha on the way. */
const STEPS = 100;

/**
 * W = 2 alpha^2 sinh(N) on singular values, N = sum nu_i A_i, with <A_i, W> = y_i: the minimizer of alpha^2 sum q(s_r / alpha^2) over
 * singular values s_r of W, q as in `implicitPotential`. Gradient flow of U Vᵀ, unbiased, from alpha I ends there where the A_i
 * share their singular vectors; and so does infinite width, with alpha^2 half of width times the entries' variance (and symmetric
 * A_i that commute). Elsewhere it does not. Damped Newton on the dual, of the size of 60 measurements of 10 x 10.
 *
 * @throws as `matrixConstraints`, RangeError for an alpha that is not positive
 * @throws ConvergenceError where Newton's method does not end
 * @source Gunasekar et al. 2017; Woodworth et al. 2020, Theorem 4
 */
export function singularBiasMinimizer(problem: MatrixProblem, alpha: number): SingularBiasMinimizer {
  return singularBiasMinimizers(problem, [alpha])[0];
}

/**
 * The same for many alphas, in the order given: each starts from its larger neighbour's.
 * @throws as `singularBiasMinimizer`
 */
export function singularBiasMinimizers(
  problem: MatrixProblem,
  alphas: ArrayLike<number>,
): SingularBiasMinimizer[] {
  const wanted = Array.from(alphas);
  const bad = wanted.find((alpha) => !(alpha > 0 && alpha < Infinity));
  if (bad !== undefined) throw new RangeError(`alpha is ${bad}; it must be positive and finite`);
  const { rows, columns, targets } = problem;
  const { least } = matrixConstraints(problem);
  const unit = singularValues(least, rows, columns)[0];
  const nu = new Float64Array(targets.length);
  if (unit === 0) return wanted.map(() => ({ W: least.slice(), nu: nu.slice(), residual: 0, iterations: 0 }));
  const dual = new Dual(problem, unit);
  const descending = [...wanted.keys()].sort((one, two) => wanted[two] - wanted[one]);
  const results = new Array<SingularBiasMinimizer>(wanted.length);
  descending.forEach((place, rank) => {
    const goal = 2 * Math.log(wanted[place]) - Math.log(unit);
    // From nu = 0 where the kernel regime is near, then at most a decade of alpha at a time.
    if (rank === 0) dual.logScale = Math.max(goal, 0) + 2 * Math.LN10;
    let iterations = 0;
    do {
      const logScale = Math.max(goal, dual.logScale - 2 * Math.LN10);
      // What grows is exp N: a lower scale needs as much more of N where it is largest.
      const largest = dual.largest(nu);
      if (largest > 1) {
        const factor = 1 + (dual.logScale - logScale) / largest;
        for (let i = 0; i < nu.length; i++) nu[i] *= factor;
      }
      dual.logScale = logScale;
      iterations += minimize(dual, nu, `the minimizer of Q over singular values at alpha = ${wanted[place]}`);
    } while (dual.logScale > goal);
    const { W } = dual.at(nu);
    results[place] = {
      W: W.map((value) => value * unit),
      nu: nu.slice(),
      residual: maximumNorm(dual.misses(W)) * unit,
      iterations,
    };
  });
  return results;
}

/** Newton's method on sum over singular values of 2 b cosh - y . nu, nu in place; returns the number of steps. */
function minimize(dual: Dual, nu: Float64Array, what: string): number {
  const m = nu.length;
  let [best, sinceBest] = [Infinity, 0];
  for (let iteration = 0; ; iteration++) {
    const { W, hessian } = dual.at(nu);
    const gradient = dual.misses(W);
    const residual = maximumNorm(gradient) / dual.size;
    if (residual <= RESIDUAL) return iteration;
    sinceBest = residual < best / 2 ? 0 : sinceBest + 1;
    best = Math.min(best, residual);
    if (sinceBest >= 4 && residual <= ROUNDING) return iteration;
    if (iteration >= STEPS || !(residual < Infinity))
      throw new ConvergenceError(
        `${what} was not reached in ${iteration} Newton steps: a target is missed by ${residual.toPrecision(3)} of the largest`,
        iteration,
        residual,
      );
    const H = hessian();
    factorCholesky(H, m);
    const direction = gradient.map((value) => -value);
    solveCholesky(H, direction);
    const start = -inner(gradient, direction);
    // The dual's derivative along the direction, which values of the dual would drown.
    let [low, high, step] = [0, Infinity, 1];
    for (let trials = 0; trials < 60; trials++) {
      const trial = nu.map((value, i) => value + step * direction[i]);
      const slope = inner(dual.misses(dual.at(trial).W), direction);
      if (Math.abs(slope) <= 0.3 * start || residual < 1e-6) break;
      if (slope < 0) low = step;
      else high = step;
      step = high < Infinity ? (low + high) / 2 : 2 * step;
    }
    for (let i = 0; i < m; i++) nu[i] += step * direction[i];
  }
}

/**
 * N's singular values and vectors are the eigenvalues and -vectors of the symmetric [[0, N], [Nᵀ, 0]], whose odd function
 * 2 b sinh has W in the same place, and whose derivative is a product with divided differences that nothing cancels in:
 *
 *     (sinh s - sinh t)/(s - t) = cosh((s + t)/2) sinh((s - t)/2)/((s - t)/2)
 */
class Dual {
  /** ln b, b = alpha^2 over the unit of W. */
  logScale = 0;
  readonly size: number;
  private readonly targets: Float64Array;
  private readonly measurer: Measurer;

  constructor(
    private readonly problem: MatrixProblem,
    unit: number,
  ) {
    this.measurer = measurer(problem);
    this.targets = problem.targets.map((value) => value / unit);
    this.size = maximumNorm(this.targets);
  }

  /** N's largest singular value. */
  largest(nu: Float64Array): number {
    return singularValues(this.sum(nu), this.problem.rows, this.problem.columns)[0];
  }

  /** <A_i, W> - y_i, [m]. */
  misses(W: Float64Array): Float64Array {
    const out = new Float64Array(this.targets.length);
    this.measurer.apply(W, out);
    return out.map((value, i) => value - this.targets[i]);
  }

  /** W at nu, and the dual's second derivative there, [m, m], the lower triangle. */
  at(nu: Float64Array) {
    const { rows, columns } = this.problem;
    const size = rows + columns;
    const N = this.sum(nu);
    const both = Matrix.zeros(size, size);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        both.set(i, rows + j, N[i * columns + j]);
        both.set(rows + j, i, N[i * columns + j]);
      }
    const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(both, {
      assumeSymmetric: true,
    });
    /** An eigenvector a row. */
    const vectors = Float64Array.from({ length: size * size }, (_, k) =>
      eigenvectorMatrix.get(k % size, Math.floor(k / size)),
    );
    const W = new Float64Array(rows * columns);
    for (let k = 0; k < size; k++) {
      // A difference of exponentials would drown a small one.
      const value =
        Math.abs(values[k]) < 1
          ? 2 * Math.exp(this.logScale) * Math.sinh(values[k])
          : Math.exp(this.logScale + values[k]) - Math.exp(this.logScale - values[k]);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          W[i * columns + j] += value * vectors[k * size + i] * vectors[k * size + rows + j];
    }
    return { W, hessian: () => this.hessian(values, vectors) };
  }

  private hessian(values: readonly number[], vectors: Float64Array): Float64Array {
    const size = values.length;
    const m = this.targets.length;
    const pairs = (size * (size + 1)) / 2;
    const weights = new Float64Array(pairs);
    const B = new Float64Array(m * pairs);
    for (let k = 0, pair = 0; k < size; k++)
      for (let l = 0; l <= k; l++, pair++) {
        const [mean, half] = [(values[k] + values[l]) / 2, (values[k] - values[l]) / 2];
        const cosh = Math.exp(this.logScale + mean) + Math.exp(this.logScale - mean);
        weights[pair] = cosh * (Math.abs(half) < 1e-8 ? 1 : Math.sinh(half) / half) * (k === l ? 0.5 : 1);
      }
    for (let i = 0; i < m; i++) this.rotate(i, vectors, size, B.subarray(i * pairs, (i + 1) * pairs));
    const H = new Float64Array(m * m);
    normalMatrix(B, weights, new Float64Array(m * pairs), H);
    return H;
  }

  /** A_i, doubled as N is, in the basis of these vectors: its lower triangle. */
  private rotate(i: number, vectors: Float64Array, size: number, out: Float64Array): void {
    const { rows, columns, entries, measurements } = this.problem;
    if (entries) {
      const [a, b] = [entries[2 * i], rows + entries[2 * i + 1]];
      for (let k = 0, pair = 0; k < size; k++)
        for (let l = 0; l <= k; l++, pair++)
          out[pair] =
            vectors[k * size + a] * vectors[l * size + b] + vectors[l * size + a] * vectors[k * size + b];
      return;
    }
    const A = measurements!.subarray(i * rows * columns, (i + 1) * rows * columns);
    const images = new Float64Array(size * rows);
    for (let k = 0; k < size; k++)
      for (let r = 0; r < rows; r++) {
        let sum = 0;
        for (let c = 0; c < columns; c++) sum += A[r * columns + c] * vectors[k * size + rows + c];
        images[k * rows + r] = sum;
      }
    for (let k = 0, pair = 0; k < size; k++)
      for (let l = 0; l <= k; l++, pair++) {
        let sum = 0;
        for (let r = 0; r < rows; r++)
          sum += vectors[k * size + r] * images[l * rows + r] + vectors[l * size + r] * images[k * rows + r];
        out[pair] = sum;
      }
  }

  /** sum of nu_i A_i, [rows, columns]. */
  private sum(nu: Float64Array): Float64Array {
    const N = new Float64Array(this.problem.rows * this.problem.columns);
    this.measurer.adjoint(nu, N);
    return N;
  }
}

const inner = (left: Float64Array, right: Float64Array) =>
  left.reduce((total, value, k) => total + value * right[k], 0);

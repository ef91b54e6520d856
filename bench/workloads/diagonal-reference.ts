import { gamma, u } from "../../src/models/roundoff.ts";
import type { DiagonalSweep, Expectation } from "./problem.ts";

/** Steps of some runs in float64, with a bound on what the same steps in float32 may differ by. */
export function expectDiagonal(
  problem: DiagonalSweep,
  checked: readonly number[],
  steps: readonly number[],
): Expectation[] {
  const expectations = steps.map((): Expectation => ({ results: [], bounds: [] }));
  for (const run of checked)
    trainReference(problem, problem.alphas[run], steps).forEach(({ result, bound }, place) => {
      expectations[place].results.push(result);
      expectations[place].bounds.push(bound);
    });
  return expectations;
}

/**
 * Any engine's arithmetic is bounded here, also one that stores weights as they are: the models' own bounds
 * (src/models/diagonal.bound.ts) hold for displacements from the start only, whose rounding is less.
 *
 * Trains w <- w -+ c w^(D - 1) X^T r, c = 2 D eta / N, in float64, and beside it a bound e on the l2 distance of (w+, w-)
 * from what float32 makes of it, to first order in u:
 *
 *   e <- (1 + (D - 1) c max |w^(D - 2) X^T r|) e + d
 *
 * The factor bounds the norm of I - eta H: below the limit of stability the Hessian's part J^T J makes it at most 1,
 * and the rest is diagonal. d is what one step rounds: with sums in any order
 *
 *   of r      gamma(n + 1) (|X| |beta| + |y|), and 4 (D - 1) u (w+^D + w-^D) of beta through |X|
 *   of X^T r  gamma(N + 1) |X|^T |r|, and the error of r through |X|^T
 *   of w      4 (D - 1) u |change|, and u |w| where it is stored, alpha itself included
 *
 * The predictor is then off by at most D max |w|^(D - 1) e, and by 4 (D - 1) u (w+^D + w-^D) once more. The kernel
 * K = D^2 X diag(s) X^T, s = w+^(2D - 2) + w-^(2D - 2), is off by at most
 * D^2 2 (D - 1) sqrt(2) max |w|^(2D - 3) e (sum over inputs of |x_i|^4)^(1/2) in the Frobenius norm, and by
 * gamma(n + 8 D) |X| diag(s) |X|^T D^2 once more.
 */
function trainReference(
  problem: DiagonalSweep,
  alpha: number,
  steps: readonly number[],
): { result: Float64Array; bound: number }[] {
  const { samples: N, inputs: n, X, y, stepSize, depth: D } = problem;
  const plus = new Float64Array(n).fill(alpha);
  const minus = new Float64Array(n).fill(alpha);
  const beta = new Float64Array(n);
  const slope = new Float64Array(n);
  const slopeError = new Float64Array(n);
  const rate = (2 * D * stepSize) / N;
  const rounding = 4 * (D - 1) * u;
  const results: { result: Float64Array; bound: number }[] = [];
  let e = u * alpha * Math.sqrt(2 * n);
  for (let step = 0; results.length < steps.length; step++) {
    for (let i = 0; i < n; i++) beta[i] = plus[i] ** D - minus[i] ** D;
    if (step === steps[results.length])
      results.push(
        problem.result === "ntk"
          ? kernelOf(problem, plus, minus, e)
          : predictorOf(problem, beta, plus, minus, e),
      );
    slope.fill(0);
    slopeError.fill(0);
    for (let j = 0; j < N; j++) {
      const row = j * n;
      let r = -y[j];
      let magnitude = Math.abs(y[j]);
      let stored = 0;
      for (let i = 0; i < n; i++) {
        const x = X[row + i];
        r += x * beta[i];
        magnitude += Math.abs(x * beta[i]);
        stored += Math.abs(x) * (plus[i] ** D + minus[i] ** D);
      }
      const error = gamma(n + 1) * magnitude + rounding * stored + gamma(N + 1) * Math.abs(r);
      for (let i = 0; i < n; i++) {
        const x = X[row + i];
        slope[i] += x * r;
        slopeError[i] += Math.abs(x) * error;
      }
    }
    let steepest = 0;
    let rounded = 0;
    for (let i = 0; i < n; i++) {
      const change = rate * (slopeError[i] + rounding * Math.abs(slope[i]));
      for (const [weights, sign] of [
        [plus, -1],
        [minus, 1],
      ] as const) {
        const w = weights[i];
        const curve = w ** (D - 2);
        steepest = Math.max(steepest, Math.abs(curve * slope[i]));
        rounded += ((change * Math.abs(curve) + u) * w) ** 2;
        weights[i] += sign * rate * curve * w * slope[i];
      }
    }
    e = (1 + (D - 1) * rate * steepest) * e + Math.sqrt(rounded);
  }
  return results;
}

const largestOf = (plus: Float64Array, minus: Float64Array): number =>
  [plus, minus].reduce((most, weights) => weights.reduce((one, w) => Math.max(one, Math.abs(w)), most), 0);

function predictorOf(
  { depth: D }: DiagonalSweep,
  beta: Float64Array,
  plus: Float64Array,
  minus: Float64Array,
  e: number,
): { result: Float64Array; bound: number } {
  const sums = plus.map((w, i) => w ** D + minus[i] ** D);
  const error = D * largestOf(plus, minus) ** (D - 1) * e + 4 * (D - 1) * u * Math.hypot(...sums);
  return { result: beta.slice(), bound: error / Math.hypot(...beta) };
}

function kernelOf(
  { samples: N, inputs: n, X, depth: D }: DiagonalSweep,
  plus: Float64Array,
  minus: Float64Array,
  e: number,
): { result: Float64Array; bound: number } {
  const scale = plus.map((w, i) => D ** 2 * (w ** (2 * D - 2) + minus[i] ** (2 * D - 2)));
  const result = new Float64Array(N * N);
  const sizes = new Float64Array(N * N);
  for (let j = 0; j < N; j++)
    for (let k = 0; k < N; k++)
      for (let i = 0; i < n; i++) {
        const term = X[j * n + i] * scale[i] * X[k * n + i];
        result[j * N + k] += term;
        sizes[j * N + k] += Math.abs(term);
      }
  let fourths = 0;
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let j = 0; j < N; j++) square += X[j * n + i] ** 2;
    fourths += square ** 2;
  }
  const moved = D ** 2 * 2 * (D - 1) * Math.SQRT2 * largestOf(plus, minus) ** (2 * D - 3) * e;
  const error = moved * Math.sqrt(fourths) + gamma(n + 8 * D) * Math.hypot(...sizes);
  return { result, bound: error / Math.hypot(...result) };
}

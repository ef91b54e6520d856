import type { DiagonalSweep, Expectation } from "./problem.ts";

/** Unit roundoff of float32. */
const u = 2 ** -24;
const gamma = (operations: number): number => (operations * u) / (1 - operations * u);

/** Steps of some runs in float64, with a bound on what the same steps in float32 may differ by. */
export function expectDiagonal(
  problem: DiagonalSweep,
  checked: readonly number[],
  steps: readonly number[],
): Expectation[] {
  const expectations = steps.map((): Expectation => ({ results: [], bounds: [] }));
  for (const run of checked)
    trainReference(problem, problem.alphas[run], steps).forEach(({ predictor, bound }, place) => {
      expectations[place].results.push(predictor);
      expectations[place].bounds.push(bound);
    });
  return expectations;
}

/**
 * Trains w <- w -+ (4 eta / N) w X^T r in float64, and beside it a bound e on the l2 distance of (w+, w-) from what
 * float32 makes of it, to first order in u:
 *
 *   e <- (1 + (4 eta / N) max |X^T r|) e + d
 *
 * The factor bounds the norm of I - eta H: below the limit of stability the Hessian's part J^T J makes it at most 1,
 * and the rest is diagonal, (4 / N) (+-X^T r). d is what one step rounds: with sums in any order
 *
 *   of r      gamma(n + 1) (|X| |beta| + |y|), and 4u (w+^2 + w-^2) of beta through |X|
 *   of X^T r  gamma(N + 1) |X|^T |r|, and the error of r through |X|^T
 *   of w      4u |change|, and u |w| where it is stored, alpha itself included
 *
 * The predictor is then off by at most 2 max |w| e, and by 4u (w+^2 + w-^2) once more.
 */
function trainReference(
  { samples: N, inputs: n, X, y, stepSize }: DiagonalSweep,
  alpha: number,
  steps: readonly number[],
): { predictor: Float64Array; bound: number }[] {
  const plus = new Float64Array(n).fill(alpha);
  const minus = new Float64Array(n).fill(alpha);
  const beta = new Float64Array(n);
  const slope = new Float64Array(n);
  const slopeError = new Float64Array(n);
  const rate = (4 * stepSize) / N;
  const results: { predictor: Float64Array; bound: number }[] = [];
  let e = u * alpha * Math.sqrt(2 * n);
  for (let step = 0; results.length < steps.length; step++) {
    let largest = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      beta[i] = (plus[i] - minus[i]) * (plus[i] + minus[i]);
      largest = Math.max(largest, Math.abs(plus[i]), Math.abs(minus[i]));
      squares += (plus[i] ** 2 + minus[i] ** 2) ** 2;
    }
    if (step === steps[results.length]) {
      const norm = Math.hypot(...beta);
      results.push({
        predictor: beta.slice(),
        bound: (2 * largest * e + 4 * u * Math.sqrt(squares)) / norm,
      });
    }
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
        stored += Math.abs(x) * (plus[i] ** 2 + minus[i] ** 2);
      }
      const error = gamma(n + 1) * magnitude + 4 * u * stored + gamma(N + 1) * Math.abs(r);
      for (let i = 0; i < n; i++) {
        const x = X[row + i];
        slope[i] += x * r;
        slopeError[i] += Math.abs(x) * error;
      }
    }
    let steepest = 0;
    let rounded = 0;
    for (let i = 0; i < n; i++) {
      steepest = Math.max(steepest, Math.abs(slope[i]));
      const relative = rate * (slopeError[i] + 4 * u * Math.abs(slope[i])) + u;
      rounded += relative ** 2 * (plus[i] ** 2 + minus[i] ** 2);
      plus[i] -= rate * plus[i] * slope[i];
      minus[i] += rate * minus[i] * slope[i];
    }
    e = (1 + rate * steepest) * e + Math.sqrt(rounded);
  }
  return results;
}

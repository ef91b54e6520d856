import { factorCholesky, solveCholesky } from "./cholesky.ts";
import { multiply, multiplyTransposed, type LinearSystem } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";

/** Gradients this small, as a share of the largest |Xᵀ y|, are zeros, rounded. */
const ROUNDING = 1e-12;

/**
 * argmin |X beta - y|^2 with beta_i >= 0 where signs_i is 1, <= 0 where it is -1, and 0 where it is 0, [inputs].
 * @param signs [inputs]
 * @source Lawson & Hanson 1974, Chapter 23 (nonnegative least squares)
 */
export function signConstrainedLeastSquares(
  { X, y, samples, inputs }: LinearSystem,
  signs: ArrayLike<number>,
): Float64Array {
  const gradient = () => {
    const residual = multiply(X, beta, new Float64Array(samples)).map((value, i) => y[i] - value);
    return multiplyTransposed(X, residual, new Float64Array(inputs));
  };
  const beta = new Float64Array(inputs);
  const least = ROUNDING * maximumNorm(multiplyTransposed(X, y, new Float64Array(inputs)));
  let support: number[] = [];
  for (;;) {
    const pull = gradient();
    let entering = -1;
    for (let i = 0; i < inputs; i++) {
      const gain = signs[i] * pull[i];
      if (gain > least && !support.includes(i) && (entering < 0 || gain > signs[entering] * pull[entering]))
        entering = i;
    }
    if (entering < 0) return beta;
    support.push(entering);
    for (;;) {
      const solution = leastSquaresOn({ X, y, samples, inputs }, support);
      // As far towards the solution as signs allow; what has come to 0 leaves.
      let step = 1;
      support.forEach((i, k) => {
        if (signs[i] * solution[k] <= 0) step = Math.min(step, beta[i] / (beta[i] - solution[k]) || 0);
      });
      support.forEach((i, k) => (beta[i] += step * (solution[k] - beta[i])));
      if (step === 1) break;
      support = support.filter((i) => {
        const stays = signs[i] * beta[i] > 1e-14 * maximumNorm(beta);
        if (!stays) beta[i] = 0;
        return stays;
      });
    }
  }
}

/** The least-squares solution on some inputs, less `offset` in the normal equations, [support]. */
export function leastSquaresOn(
  { X, y, samples, inputs }: LinearSystem,
  support: readonly number[],
  offset: (input: number) => number = () => 0,
): Float64Array {
  const size = support.length;
  const G = new Float64Array(size * size);
  const right = new Float64Array(size);
  support.forEach((i, row) => {
    right[row] = -offset(i);
    for (let s = 0; s < samples; s++) right[row] += X[s * inputs + i] * y[s];
    for (let column = 0; column <= row; column++)
      for (let s = 0; s < samples; s++)
        G[row * size + column] += X[s * inputs + i] * X[s * inputs + support[column]];
  });
  factorCholesky(G, size);
  solveCholesky(G, right);
  return right;
}

import { ConvergenceError, InfeasibleError } from "./errors.ts";
import { solveProgram } from "./linear-program.ts";
import { checkSystem, type LinearSystem } from "./linear-system.ts";
import { l1Norm, l2Norm } from "./norms.ts";
import { signConstrainedLeastSquares } from "./sign-constrained.ts";

/** The predictor of least norm with y_i x_i . beta >= 1 for all samples, whose direction has the largest margin in that norm. */
export interface MaximumMargin {
  /** [inputs] */
  beta: Float64Array;
  /** min y_i x_i . beta / |beta| = 1 / |beta|. */
  margin: number;
}

const NOT_SEPARABLE = "no linear predictor has the sign of every label";

/**
 * The largest margin in the l1 norm, by linear programming (HiGHS): where a diagonal network of depth 2 goes on the logistic loss
 * from a small start, or after very long training.
 * @param system y of -1 and +1
 * @throws RangeError for wrong shapes or entries that are not finite
 * @throws InfeasibleError where the samples are not separable
 * @source Gunasekar et al. 2018; Moroshko et al. 2020
 */
export async function maximumL1Margin(system: LinearSystem): Promise<MaximumMargin> {
  // Separable, and known to be before a program says so by its own error.
  maximumL2Margin(system);
  const { X, y, samples, inputs } = system;
  const beta = await solveProgram(
    {
      name: "maximum-margin",
      costs: Float64Array.from({ length: 2 * inputs + samples }, (_, column) => Number(column < 2 * inputs)),
      lowest: new Float64Array(2 * inputs + samples),
      targets: new Float64Array(samples).fill(1),
      // Both signs of each input, and what a sample has beyond its margin.
      entry: (row, column) =>
        column < 2 * inputs
          ? (column < inputs ? 1 : -1) * y[row] * X[row * inputs + (column % inputs)]
          : column - 2 * inputs === row
            ? -1
            : 0,
    },
    (model) => {
      const { colValue } = model.getSolution();
      return Float64Array.from({ length: inputs }, (_, i) => colValue[i] - colValue[inputs + i]);
    },
  );
  return { beta, margin: 1 / l1Norm(beta) };
}

/**
 * The largest margin in the l2 norm, the support vector machine's: where descent on the logistic loss goes in the kernel regime.
 * Least distance programming: u >= 0 minimizes |E u - e|^2, E = [(diag(y) X)ᵀ; 1ᵀ], e the last unit vector, and beta is the rest of
 * the residual over its last entry.
 * @param system y of -1 and +1
 * @throws as `maximumL1Margin`
 * @source Lawson & Hanson 1974, Chapter 23
 */
export function maximumL2Margin(system: LinearSystem): MaximumMargin {
  checkSystem(system);
  const { X, y, samples, inputs } = system;
  const E = new Float64Array((inputs + 1) * samples);
  for (let j = 0; j < samples; j++) {
    for (let i = 0; i < inputs; i++) E[i * samples + j] = y[j] * X[j * inputs + i];
    E[inputs * samples + j] = 1;
  }
  const target = new Float64Array(inputs + 1);
  target[inputs] = 1;
  const u = signConstrainedLeastSquares(
    { X: E, y: target, samples: inputs + 1, inputs: samples },
    new Float64Array(samples).fill(1),
  );
  const residual = target.map((value, row) =>
    u.reduce((sum, weight, j) => sum + weight * E[row * samples + j], -value),
  );
  const last = residual[inputs];
  if (!(Math.abs(last) > 1e-12)) throw new InfeasibleError(NOT_SEPARABLE, NaN, samples);
  const beta = Float64Array.from({ length: inputs }, (_, i) => -residual[i] / last);
  // What rounding leaves of the margin of 1 is put back.
  let least = Infinity;
  for (let j = 0; j < samples; j++) {
    let f = 0;
    for (let i = 0; i < inputs; i++) f += X[j * inputs + i] * beta[i];
    least = Math.min(least, y[j] * f);
  }
  if (!(least > 0)) throw new ConvergenceError("the maximum-l2-margin predictor was not found", 0, least);
  const scaled = beta.map((value) => value / least);
  return { beta: scaled, margin: 1 / l2Norm(scaled) };
}

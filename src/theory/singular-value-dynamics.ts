import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { slowdown, type IdentityStart } from "./commuting-flow.ts";
import { dualFlowRate } from "./flow-rate.ts";
import { checkProblem, type MatrixProblem } from "./matrix-constraints.ts";
import { measurer, transposed } from "./matrix-products.ts";
import { inverseProfile } from "./profile.ts";
import { singularValues } from "./singular-values.ts";

/**
 * How fast singular values move in the flow of balanced factors (W_(l+1)ᵀ W_(l+1) = W_l W_lᵀ, as from multiples of I), D of them:
 *
 *     ds_r/dt = -D s_r^(2 - 2/D) u_rᵀ G v_r,   G = (2/m) sum r_i A_i
 *
 * @param W [rows, columns]
 * @returns singular values, decreasing, and their time derivatives, [min(rows, columns)]
 * @source Arora et al. 2019, Theorem 3
 */
export function singularValueVelocities(problem: MatrixProblem, W: Float64Array, depth: number) {
  checkProblem(problem);
  const { rows, columns, targets } = problem;
  const { apply, adjoint } = measurer(problem);
  const residual = new Float64Array(targets.length);
  apply(W, residual);
  const G = new Float64Array(W.length);
  adjoint(
    residual.map((value, i) => (2 / targets.length) * (value - targets[i])),
    G,
  );
  const { diagonal, leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(
    Matrix.from1DArray(rows, columns, W),
    { autoTranspose: true },
  );
  const velocities = diagonal.map((value, r) => {
    let slope = 0;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        slope += leftSingularVectors.get(i, r) * G[i * columns + j] * rightSingularVectors.get(j, r);
    return -depth * value ** (2 - 2 / depth) * slope;
  });
  return { values: Float64Array.from(diagonal), velocities: Float64Array.from(velocities) };
}

/**
 * The time after which the largest singular value of an unbiased W reaches `size`, if no residual had moved:
 * ln(size/alpha^2) m / (4 |sum y_i A_i|) at depth 2 (U Uᵀ: half of it, and the symmetric part), m / (2 (D-2) alpha^(D-2) |sum y_i A_i|) beyond,
 * for small alpha; |.| the largest singular value. Beyond depth 2 only where sum y_i A_i is symmetric: elsewhere factors from alpha I
 * have to turn first, which takes longer.
 * @throws RangeError for wrong shapes, a size that is not positive, or alpha^(D-2) outside float64
 */
export function matrixEscapeTime(problem: MatrixProblem, start: IdentityStart, size: number): number {
  checkProblem(problem, start.symmetric);
  if (!(size > 0)) throw new RangeError(`size is ${size}; it must be positive`);
  const { rows, columns, targets } = problem;
  const force = new Float64Array(rows * columns);
  measurer(problem).adjoint(targets, force);
  const acting = start.symmetric ? transposed(force, rows).map((value, k) => (value + force[k]) / 2) : force;
  const { alpha, depth = 2 } = start;
  const goal = inverseProfile(size / alpha ** depth, depth);
  const speed = dualFlowRate(depth, alpha, targets.length) / slowdown(start);
  return goal / (speed * singularValues(acting, rows, columns)[0]);
}

/**
 * What |W_00| is at least, once the mean squared loss over the entries W_01 = W_10 = 1, W_11 = 0 has fallen to `loss` with det W > 0
 * throughout (as from alpha I, any depth): it grows beyond every bound while the nuclear norm's minimum is 2.
 * @source Razin & Cohen 2020, Theorem 1, in terms of the loss
 */
export function razinCohenBound(loss: number): number {
  const miss = Math.sqrt(3 * loss);
  return miss < 1 ? (1 - miss) ** 2 / miss : 0;
}

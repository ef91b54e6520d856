import { matrixConstraints, type MatrixProblem } from "./matrix-constraints.ts";
import { l2Norm } from "./norms.ts";

/**
 * The solution of <A_i, W> = y_i of least Frobenius norm, [rows, columns], and that norm: where training ends in the kernel regime
 * from multiples of the identity. A completion's is y on the observed entries, and 0 elsewhere.
 * @throws as `matrixConstraints`
 */
export function minimumFrobenius(problem: MatrixProblem): { W: Float64Array; norm: number } {
  const { least } = matrixConstraints(problem);
  return { W: least, norm: l2Norm(least) };
}

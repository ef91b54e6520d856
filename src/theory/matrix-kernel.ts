import { factorCholesky, solveCholesky } from "./cholesky.ts";
import type { MatrixStart } from "./matrix-flow.ts";
import { checkProblem, type MatrixProblem } from "./matrix-constraints.ts";
import { factorShapes, measurer, matrixProduct, transposed } from "./matrix-products.ts";

/**
 * The tangent kernel of a matrix model at its start, and where training ends in the kernel regime: the interpolating
 * W = W(0) + sum_l L_l L_lᵀ M R_lᵀ R_l, M = sum c_i A_i, c = K^-1 (y - f(0)), of the least change of weights. L_l and R_l are the
 * factors' products above and below W_l. (U Uᵀ: W(0) + S (M + Mᵀ) + (M + Mᵀ) S, S = U Uᵀ.)
 *
 * @returns K [m, m], W and M [rows, columns]
 * @throws RangeError for wrong shapes or entries that are not finite
 */
export function matrixKernelLimit(
  problem: MatrixProblem,
  { factors, symmetric = false, unbiased = false }: MatrixStart,
): { K: Float64Array; W: Float64Array; M: Float64Array } {
  checkProblem(problem, symmetric);
  const { rows, columns, targets } = problem;
  const m = targets.length;
  const shapes = factorShapes(rows, columns, factors, symmetric);
  const copies = unbiased ? 2 : 1;

  /** The change of W that the gradient step M makes of the weights. */
  let change: (M: Float64Array) => Float64Array;
  const product = symmetric
    ? matrixProduct(factors[0], transposed(factors[0], rows), rows)
    : factors
        .slice(1)
        .reduce((below, factor, l) => matrixProduct(factor, below, shapes[l + 1][0]), factors[0]);
  if (symmetric) {
    change = (M) => {
      const both = transposed(M, rows).map((value, k) => value + M[k]);
      const half = matrixProduct(both, product, rows);
      return transposed(half, rows).map((value, k) => copies * (value + half[k]));
    };
  } else {
    const grams = factors.map((_, l) => ({ above: above(l), below: below(l) }));
    change = (M) => {
      const out = new Float64Array(M.length);
      for (const { above, below } of grams) {
        const left = above ? matrixProduct(above, M, rows) : M;
        const both = below ? matrixProduct(left, below, rows) : left;
        for (let k = 0; k < out.length; k++) out[k] += copies * both[k];
      }
      return out;
    };
  }
  function above(l: number): Float64Array | undefined {
    if (l === factors.length - 1) return undefined;
    const L = factors.slice(l + 1).reduceRight((product, factor) => matrixProduct(product, factor, rows));
    return matrixProduct(L, transposed(L, rows), rows);
  }
  function below(l: number): Float64Array | undefined {
    if (l === 0) return undefined;
    const R = factors
      .slice(1, l)
      .reduce((product, factor, k) => matrixProduct(factor, product, shapes[k + 1][0]), factors[0]);
    return matrixProduct(transposed(R, shapes[l][1]), R, columns);
  }

  const { apply, adjoint } = measurer(problem);
  const combine = (c: Float64Array) => {
    const M = new Float64Array(rows * columns);
    adjoint(c, M);
    return M;
  };
  const K = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    const unit = new Float64Array(m);
    unit[j] = 1;
    // Symmetric: a column is a row.
    apply(change(combine(unit)), K.subarray(j * m, (j + 1) * m));
  }
  const start = unbiased ? new Float64Array(rows * columns) : product;
  const at = (W: Float64Array) => {
    const f = new Float64Array(m);
    apply(W, f);
    return targets.map((target, i) => target - f[i]);
  };
  const L = K.slice();
  factorCholesky(L, m);
  const c = at(start);
  solveCholesky(L, c);
  const reach = (M: Float64Array) => change(M).map((value, k) => start[k] + value);
  // One step of refinement.
  const correction = at(reach(combine(c)));
  solveCholesky(L, correction);
  const M = combine(c.map((value, i) => value + correction[i]));
  return { K, W: reach(M), M };
}

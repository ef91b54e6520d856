import { Matrix, SingularValueDecomposition } from "ml-matrix";

/** Singular values of W [rows, columns] row-major, [min(rows, columns)], decreasing. */
export function singularValues(W: Float64Array, rows: number, columns: number): Float64Array {
  const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(rows, columns, W), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  return Float64Array.from(diagonal);
}

/** The nuclear norm, the sum of singular values. */
export function nuclearNorm(W: Float64Array, rows: number, columns: number): number {
  return singularValues(W, rows, columns).reduce((sum, value) => sum + value, 0);
}

/**
 * exp of the entropy of the singular values' shares of their sum: 1 for a matrix of rank 1, r for r equal singular values; NaN
 * for W = 0.
 * @source Roy & Vetterli 2007
 */
export function effectiveRank(values: ArrayLike<number>): number {
  let [sum, product] = [0, 0];
  for (let k = 0; k < values.length; k++) sum += values[k];
  for (let k = 0; k < values.length; k++) {
    const share = values[k] / sum;
    if (share !== 0) product -= share * Math.log(share);
  }
  return Math.exp(product);
}

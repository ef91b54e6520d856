import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** A symmetric tridiagonal matrix: its diagonal, and the numbers beside it. */
export interface Tridiagonal {
  diagonal: Float64Array;
  beside: Float64Array;
}

/** Eigenvalues of a symmetric tridiagonal matrix, the largest first; NaN throughout where an entry is not finite. */
export function tridiagonalEigenvalues({ diagonal, beside }: Tridiagonal): Float64Array {
  const size = diagonal.length;
  if (![...diagonal, ...beside].every(Number.isFinite)) return new Float64Array(size).fill(NaN);
  const T = Matrix.diag(Array.from(diagonal), size, size);
  beside.forEach((value, i) => {
    T.set(i, i + 1, value);
    T.set(i + 1, i, value);
  });
  return Float64Array.from(new EigenvalueDecomposition(T, { assumeSymmetric: true }).realEigenvalues).sort(
    (one, two) => two - one,
  );
}

/**
 * A = L Lᵀ in place, for a symmetric positive semidefinite A [size, size] row-major: L replaces the lower triangle, what
 * is above the diagonal is neither read nor written.
 *
 * A pivot that rounding has left nothing of (below 2^-50 of A's own diagonal entry) is set to infinity: the solution is
 * then 0 in that direction, as in interior-point codes (Wright 1999, "Modified Cholesky factorizations").
 */
export function factorCholesky(A: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const start = row * size;
    for (let column = 0; column < row; column++) {
      const other = column * size;
      A[start + column] = (A[start + column] - dot(A, start, other, column)) / A[other + column];
    }
    const own = A[start + row];
    const pivot = own - dot(A, start, start, row);
    A[start + row] = pivot > 2 ** -50 * own ? Math.sqrt(pivot) : Infinity;
  }
}

/** Solves L Lᵀ x = b in place of b, [size], with `factorCholesky`'s L. */
export function solveCholesky(L: Float64Array, b: Float64Array): void {
  const size = b.length;
  for (let row = 0; row < size; row++) {
    let sum = b[row];
    for (let column = 0; column < row; column++) sum -= L[row * size + column] * b[column];
    b[row] = sum / L[row * size + row];
  }
  for (let row = size - 1; row >= 0; row--) {
    const value = b[row] / L[row * size + row];
    b[row] = value;
    for (let column = 0; column < row; column++) b[column] -= L[row * size + column] * value;
  }
}

/** The inner product of two stretches of A. Four sums at a time: one would wait for its own last addition. */
function dot(A: Float64Array, left: number, right: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += A[left + k] * A[right + k];
    s1 += A[left + k + 1] * A[right + k + 1];
    s2 += A[left + k + 2] * A[right + k + 2];
    s3 += A[left + k + 3] * A[right + k + 3];
  }
  for (; k < length; k++) s0 += A[left + k] * A[right + k];
  return s0 + s1 + (s2 + s3);
}

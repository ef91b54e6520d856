/** Rows and columns of a product that are summed side by side: eight loads feed sixteen products. */
const TILE = 4;

/** C = A B^T of rows of A and rows of B; of a triangle, the tiles on and below the diagonal. */
export function products(
  A: Float32Array,
  B: Float32Array,
  C: Float32Array,
  shape: { rows: number; columns: number; length: number; isTriangle?: boolean },
): void {
  const { rows, columns, length, isTriangle = false } = shape;
  for (let i = 0; i < rows; i += TILE) {
    // Rows and columns past the end repeat the last: what they are in is written more than once, with the same numbers.
    const [i1, i2, i3] = [1, 2, 3].map((k) => Math.min(i + k, rows - 1));
    const end = isTriangle ? Math.min(columns, i + TILE) : columns;
    for (let j = 0; j < end; j += TILE) {
      const [j1, j2, j3] = [
        Math.min(j + 1, columns - 1),
        Math.min(j + 2, columns - 1),
        Math.min(j + 3, columns - 1),
      ];
      const [a0, a1, a2, a3] = [i * length, i1 * length, i2 * length, i3 * length];
      const [b0, b1, b2, b3] = [j * length, j1 * length, j2 * length, j3 * length];
      let [c00, c01, c02, c03, c10, c11, c12, c13] = [0, 0, 0, 0, 0, 0, 0, 0];
      let [c20, c21, c22, c23, c30, c31, c32, c33] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let k = 0; k < length; k++) {
        const [w, x, y, z] = [B[b0 + k], B[b1 + k], B[b2 + k], B[b3 + k]];
        const first = A[a0 + k];
        c00 += first * w;
        c01 += first * x;
        c02 += first * y;
        c03 += first * z;
        const second = A[a1 + k];
        c10 += second * w;
        c11 += second * x;
        c12 += second * y;
        c13 += second * z;
        const third = A[a2 + k];
        c20 += third * w;
        c21 += third * x;
        c22 += third * y;
        c23 += third * z;
        const fourth = A[a3 + k];
        c30 += fourth * w;
        c31 += fourth * x;
        c32 += fourth * y;
        c33 += fourth * z;
      }
      write(C, i * columns, j, j1, j2, j3, c00, c01, c02, c03);
      write(C, i1 * columns, j, j1, j2, j3, c10, c11, c12, c13);
      write(C, i2 * columns, j, j1, j2, j3, c20, c21, c22, c23);
      write(C, i3 * columns, j, j1, j2, j3, c30, c31, c32, c33);
    }
  }
}

function write(
  C: Float32Array,
  row: number,
  j0: number,
  j1: number,
  j2: number,
  j3: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
): void {
  C[row + j0] = c0;
  C[row + j1] = c1;
  C[row + j2] = c2;
  C[row + j3] = c3;
}

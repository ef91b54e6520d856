import type { MatrixProblem } from "./matrix-constraints.ts";

/** The factors' shapes, [out, in] each. */
export function factorShapes(
  rows: number,
  columns: number,
  factors: readonly Float64Array[],
  symmetric: boolean,
): [number, number][] {
  if (symmetric && factors.length !== 1) throw new RangeError(`U Uᵀ has one factor, not ${factors.length}`);
  let width = columns;
  return factors.map((factor, l) => {
    const isLast = l === factors.length - 1;
    const [out, into] = symmetric
      ? [rows, factor.length / rows]
      : [isLast ? rows : factor.length / width, width];
    if (out * into !== factor.length || !Number.isInteger(out) || !Number.isInteger(into))
      throw new RangeError(`factor ${l + 1} has ${factor.length} entries, which is no matrix of its place`);
    width = out;
    return [out, into];
  });
}

/** The measurements as a linear map. */
export interface Measurer {
  /** out_i = <A_i, W>. */
  apply(W: Float64Array, out: Float64Array): void;
  /** out += sum of c_i A_i. */
  adjoint(c: Float64Array, out: Float64Array): void;
}

export function measurer({ columns, entries, measurements, targets }: MatrixProblem): Measurer {
  if (entries) {
    const places = targets.map((_, i) => entries[2 * i] * columns + entries[2 * i + 1]);
    return {
      apply: (W: Float64Array, out: Float64Array) => places.forEach((place, i) => (out[i] = W[place])),
      adjoint: (c: Float64Array, out: Float64Array) => places.forEach((place, i) => (out[place] += c[i])),
    };
  }
  const A = measurements!;
  return {
    apply(W: Float64Array, out: Float64Array) {
      for (let i = 0, k = 0; i < out.length; i++) {
        let sum = 0;
        for (let j = 0; j < W.length; j++, k++) sum += A[k] * W[j];
        out[i] = sum;
      }
    },
    adjoint(c: Float64Array, out: Float64Array) {
      for (let i = 0, k = 0; i < c.length; i++)
        for (let j = 0; j < out.length; j++, k++) out[j] += c[i] * A[k];
    },
  };
}

/** A B, both row-major; A [rows, n]. */
export function matrixProduct(A: Float64Array, B: Float64Array, rows: number): Float64Array {
  const n = A.length / rows;
  const columns = B.length / n;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < n; k++) {
      const factor = A[i * n + k];
      if (factor !== 0) for (let j = 0; j < columns; j++) out[i * columns + j] += factor * B[k * columns + j];
    }
  return out;
}

/** Aᵀ; A [rows, n]. */
export function transposed(A: Float64Array, rows: number): Float64Array {
  const n = A.length / rows;
  return Float64Array.from(A, (_, k) => A[(k % rows) * n + Math.floor(k / rows)]);
}

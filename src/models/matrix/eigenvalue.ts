import type { Dataset } from "../../data/dataset.ts";
import { backOf, outputsOf } from "../../data/measure.ts";
import type { MatrixModel } from "../../document/types.ts";
import type { Member } from "../../plan/cohort.ts";
import { largestEigenvalue } from "../../theory/largest-eigenvalue.ts";
import { matrixProduct, transposed } from "../../theory/matrix-products.ts";
import { type MatrixStart, matrixStart, startMatrix } from "./start.ts";

/** The gain at which the search ends: it decides about a warning. */
const CLOSE = 1e-5;

/** L_l L_l^T and R_l^T R_l of a factor: undefined where they are the identity. */
type Grams = readonly [above: Float64Array | undefined, below: Float64Array | undefined];

/** Those of every factor: a product and a Gram matrix a factor and side. */
function gramsOf({ shapes: { factors, rows, columns }, weights }: MatrixStart): Grams[] {
  const own = factors.map(({ rows: height, columns: width, offset }) =>
    weights.subarray(offset, offset + height * width),
  );
  const above: Grams[0][] = [];
  let L: Float64Array | undefined;
  for (let l = own.length - 1; l >= 0; l--) {
    above[l] = L && matrixProduct(L, transposed(L, rows), rows);
    L = L ? matrixProduct(L, own[l], rows) : own[l];
  }
  let R: Float64Array | undefined;
  return own.map((factor, l) => {
    const below = R && matrixProduct(transposed(R, R.length / columns), R, columns);
    R = R ? matrixProduct(factor, R, factors[l].rows) : factor;
    return [above[l], below];
  });
}

/** What K0 does to a vector of samples, of one copy less A^2: sum of A_i's weights, times both Gram matrices, measured. */
function kernelOf(start: MatrixStart, dataset: Dataset, symmetric: boolean) {
  const { rows } = start.shapes;
  if (symmetric) {
    const M = startMatrix(start, true);
    return (vector: Float64Array) => {
      const S = backOf(dataset, vector);
      const both = transposed(S, rows).map((value, k) => value + S[k]);
      const half = matrixProduct(both, M, rows);
      const other = transposed(half, rows);
      return outputsOf(
        dataset,
        half.map((value, k) => value + other[k]),
        "training",
      );
    };
  }
  const grams = gramsOf(start);
  return (vector: Float64Array) => {
    const S = backOf(dataset, vector);
    const sum = new Float64Array(dataset.samples);
    for (const [above, below] of grams) {
      // Few entries: a product passes over zeros to its left.
      const right = below ? matrixProduct(S, below, rows) : S;
      const measured = above
        ? outputsOfProduct(dataset, above, right, rows)
        : outputsOf(dataset, right, "training");
      for (let i = 0; i < sum.length; i++) sum[i] += measured[i];
    }
    return sum;
  };
}

/** The measurements of A B: of entries, these alone are multiplied out. */
function outputsOfProduct(dataset: Dataset, A: Float64Array, B: Float64Array, rows: number): Float64Array {
  const cells = dataset.matrix!.cells;
  if (!cells) return outputsOf(dataset, matrixProduct(A, B, rows), "training");
  const columns = B.length / rows;
  return Float64Array.from(cells, (cell) => {
    const column = cell % columns;
    const row = (cell - column) / columns;
    let sum = 0;
    for (let k = 0; k < rows; k++) sum += A[row * rows + k] * B[k * columns + column];
    return sum;
  });
}

/** Largest eigenvalue of the tangent kernel at w(0): never above the true one. */
export function largestMatrixEigenvalue(member: Member, dataset: Dataset): number {
  const { unbiased, symmetric } = member.run.model as MatrixModel;
  const start = matrixStart(member);
  const vector = Float64Array.from({ length: dataset.samples }, (_, i) => 1 + 0.1 * Math.sin(i));
  const eigenvalue = largestEigenvalue(kernelOf(start, dataset, symmetric), vector, CLOSE);
  return start.A ** 2 * (unbiased ? 2 : 1) * eigenvalue;
}

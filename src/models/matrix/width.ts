import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Files } from "../../data/kind.ts";
import { fillNormal, stream } from "../../data/stream.ts";
import type { MatrixModel, RunSpecification } from "../../document/types.ts";
import { drawn } from "./initial.ts";
import type { FactorShapes } from "./shape.ts";

/** Columns of [U; V] that are drawn at a time: widths may be far larger than memory. */
const CHUNK = 1024;

/**
 * Z Z^T of the factors that a document describes, Z = [U; V], or U alone of U U^T: W_2 = U, W_1 = V^T.
 *
 * @returns [rows + columns or rows, the same]
 * @throws as `drawn`
 */
export function gramOf(run: RunSpecification, shapes: FactorShapes, files: Files): Matrix {
  const { symmetric } = run.model as MatrixModel;
  const { rows } = shapes;
  const width = symmetric ? shapes.factors[0].columns : shapes.factors[0].rows;
  const V = symmetric ? undefined : shapes.factors[0];
  const U = symmetric ? shapes.factors[0] : shapes.factors[1];
  const side = rows + (V ? V.columns : 0);
  const gram = new Float64Array(side * side);
  const { shape } = run.init;
  // Draws of a stream are found one by one; all other factors fit into memory.
  const isDrawn = typeof shape === "object" && "std" in shape;
  const whole = isDrawn ? undefined : drawn(run, shapes, files);
  const from = stream(run.init.seed, "initialWeights");
  const deviation = (place: number) =>
    isDrawn ? (typeof shape.std === "number" ? shape.std : shape.std[place]) : 1;
  const numbers = (place: number, factor: number, count: number): Float64Array => {
    if (whole) return whole.subarray(place, place + count);
    const values = new Float64Array(count);
    fillNormal(from, values, place);
    return values.map((value) => deviation(factor) * value);
  };
  for (let first = 0; first < width; first += CHUNK) {
    const count = Math.min(CHUNK, width - first);
    const below = V && numbers(V.offset + first * V.columns, 0, count * V.columns);
    const above = Array.from({ length: rows }, (_, i) =>
      numbers(U.offset + i * width + first, symmetric ? 0 : 1, count),
    );
    const z = new Float64Array(side);
    for (let k = 0; k < count; k++) {
      for (let i = 0; i < rows; i++) z[i] = above[i][k];
      if (V) z.set(below!.subarray(k * V.columns, (k + 1) * V.columns), rows);
      for (let i = 0; i < side; i++) for (let j = 0; j <= i; j++) gram[i * side + j] += z[i] * z[j];
    }
  }
  for (let i = 0; i < side; i++) for (let j = 0; j < i; j++) gram[j * side + i] = gram[i * side + j];
  return Matrix.from1DArray(side, side, [...gram]);
}

/** Factors of the least width with this Z Z^T = B B^T, B the eigenvectors times roots of the eigenvalues: no rank is too small. */
export function reduced(
  { symmetric }: MatrixModel,
  { rows, columns }: FactorShapes,
  gram: Matrix,
): Float64Array {
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const B = eigenvectorMatrix.mulRowVector(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  const U = B.subMatrix(0, rows - 1, 0, B.columns - 1);
  if (symmetric) return Float64Array.from(U.to1DArray());
  const V = B.subMatrix(rows, rows + columns - 1, 0, B.columns - 1);
  return Float64Array.from([...V.transpose().to1DArray(), ...U.to1DArray()]);
}

import type { Dataset } from "../data/dataset.ts";

/** The interpolation constraint X beta = y: X [samples, inputs] row-major, y [samples], float64. Every dataset is one. */
export type LinearSystem = Pick<Dataset, "samples" | "inputs" | "X" | "y">;

/**
 * Checks shapes, and that every entry is finite: iterations would otherwise not end.
 * @throws RangeError
 */
export function checkSystem({ samples, inputs, X, y }: LinearSystem): void {
  if (X.length !== samples * inputs)
    throw new RangeError(
      `X has ${X.length} entries; ${samples} samples of ${inputs} inputs need ${samples * inputs}`,
    );
  if (y.length !== samples)
    throw new RangeError(`y has ${y.length} entries; ${samples} samples need as many`);
  const entry = X.findIndex((value) => !Number.isFinite(value));
  if (entry >= 0)
    throw new RangeError(
      `X[${Math.floor(entry / inputs)}, ${entry % inputs}] is ${X[entry]}; it must be finite`,
    );
  const target = y.findIndex((value) => !Number.isFinite(value));
  if (target >= 0) throw new RangeError(`y[${target}] is ${y[target]}; it must be finite`);
}

/** out = A vector; A [rows, columns] row-major, vector [columns], out [rows]. */
export function multiply(A: Float64Array, vector: Float64Array, out: Float64Array): Float64Array {
  const columns = vector.length;
  for (let row = 0, start = 0; row < out.length; row++, start += columns) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += A[start + column] * vector[column];
    out[row] = sum;
  }
  return out;
}

/** out = Aᵀ vector; A [rows, columns] row-major, vector [rows], out [columns]. */
export function multiplyTransposed(A: Float64Array, vector: Float64Array, out: Float64Array): Float64Array {
  const columns = out.length;
  out.fill(0);
  for (let row = 0, start = 0; row < vector.length; row++, start += columns) {
    const factor = vector[row];
    for (let column = 0; column < columns; column++) out[column] += A[start + column] * factor;
  }
  return out;
}

/** X beta - y, [samples]. */
export function residualOf({ samples, X, y }: LinearSystem, beta: Float64Array): Float64Array {
  const residual = multiply(X, beta, new Float64Array(samples));
  for (let i = 0; i < samples; i++) residual[i] -= y[i];
  return residual;
}

import { bidiagonalForm, bidiagonalValues } from "./bidiagonal.ts";

/** Singular values of W [rows, columns] row-major, [min(rows, columns)], decreasing; NaN where an entry is not finite. */
export function singularValues(W: Float64Array, rows: number, columns: number): Float64Array {
  let largest = 0;
  for (const value of W) largest = Math.max(largest, Math.abs(value));
  const unit = largest > 0 ? largest : 1;
  const tall = new Float64Array(rows * columns);
  if (rows >= columns) for (let k = 0; k < tall.length; k++) tall[k] = W[k] / unit;
  else
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) tall[j * rows + i] = W[i * columns + j] / unit;
  const values = bidiagonalValues(bidiagonalForm(tall, Math.max(rows, columns), Math.min(rows, columns)));
  for (let k = 0; k < values.length; k++) values[k] *= unit;
  return values;
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

/** Unit roundoff of float32. */
export const u = 2 ** -24;

/** What so many float32 operations in a row may be off by, relative to the sum of absolute terms. */
export const gamma = (operations: number): number => (operations * u) / (1 - operations * u);

/** Euclidean norm. */
export function norm(values: Iterable<number>): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

/** Power iteration stays below the true eigenvalue: it is taken a tenth larger. */
export const eigenvalueMargin = 1.1;

/** Outputs past this have squares, and products with gradients, that come near the end of float32. */
export const largestOutput = 1e12;

import { l2Norm } from "./norms.ts";
import { tridiagonalEigenvalues } from "./tridiagonal.ts";

/** Applications at which a search that is not close yet ends. */
const MOST = 60;

/**
 * Largest eigenvalue of a positive semidefinite matrix that is only applied to vectors, by Lanczos' recurrence: never above the
 * true one. Its vectors are not made orthogonal again: that brings copies of eigenvalues that are there, and no others.
 *
 * @param close relative gain of a step at which the search ends
 * @returns 0 of a matrix that is not finite
 */
export function largestEigenvalue(
  apply: (vector: Float64Array) => Float64Array,
  start: Float64Array,
  close: number,
): number {
  let vector = start.map((value) => value / l2Norm(start));
  let before = new Float64Array(start.length);
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let eigenvalue = 0;
  for (let step = 0; step < MOST; step++) {
    const next = apply(vector);
    const quotient = vector.reduce((sum, value, i) => sum + value * next[i], 0);
    const last = beside.at(-1) ?? 0;
    for (let i = 0; i < next.length; i++) next[i] -= quotient * vector[i] + last * before[i];
    diagonal.push(quotient);
    const [largest] = tridiagonalEigenvalues({
      diagonal: Float64Array.from(diagonal),
      beside: Float64Array.from(beside),
    });
    if (!(largest > 0 && largest < Infinity)) return 0;
    const isClose = largest - eigenvalue <= close * largest;
    eigenvalue = largest;
    const norm = l2Norm(next);
    // What is left is rounding: the vectors span all that the start reaches.
    if (isClose || !(norm > 1e-12 * largest)) break;
    beside.push(norm);
    before = vector;
    vector = next.map((value) => value / norm);
  }
  return eigenvalue;
}

import { factorCholesky, solveCholesky } from "./cholesky.ts";
import { InfeasibleError } from "./errors.ts";
import { multiply, multiplyTransposed } from "./linear-system.ts";
import { normalMatrix } from "./normal-matrix.ts";
import { maximumNorm } from "./norms.ts";

/** <A_i, W> = y_i for m measurements A_i [rows, columns], of a matrix W. */
export interface MatrixProblem {
  rows: number;
  columns: number;
  /** Completion: A_i picks the entry (entries[2i], entries[2i + 1]), row and column from 0; [m, 2]. */
  entries?: Int32Array;
  /** Sensing: the A_i themselves, [m, rows, columns]. Just one of the two is given. */
  measurements?: Float64Array;
  /** y, [m]. */
  targets: Float64Array;
}

/** The matrices that satisfy a problem's constraints, all [rows, columns] row-major. */
export interface MatrixConstraints {
  /** The solution of least Frobenius norm: the one in the span of the A_i. */
  least: Float64Array;
  /** Replaces W by its nearest matrix in the span of the A_i. */
  toSpan(W: Float64Array): void;
}

/** Residuals above this share of the largest target mean that the constraints contradict each other. */
const FEASIBILITY = 1e-9;

/**
 * The solutions of <A_i, W> = y_i.
 * @param symmetric among symmetric W: each A_i counts by its symmetric part
 * @throws RangeError for wrong shapes, entries out of range or that are not finite
 * @throws InfeasibleError where no W satisfies the constraints
 */
export function matrixConstraints(problem: MatrixProblem, symmetric = false): MatrixConstraints {
  checkProblem(problem, symmetric);
  return problem.entries
    ? observedEntries(problem, problem.entries, symmetric)
    : measured(problem, symmetric);
}

/** Replaces W by the nearest solution: W less its part in the span, plus the solution there. */
export function projectOnSolutions(
  { least, toSpan }: MatrixConstraints,
  W: Float64Array,
  scratch: Float64Array,
): void {
  scratch.set(W);
  toSpan(scratch);
  for (let k = 0; k < W.length; k++) W[k] += least[k] - scratch[k];
}

/** @throws RangeError for wrong shapes, entries out of range or that are not finite */
export function checkProblem(
  { rows, columns, entries, measurements, targets }: MatrixProblem,
  symmetric = false,
) {
  for (const [name, size] of Object.entries({ rows, columns }))
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`${name} is ${size}; it must be a whole number >= 1`);
  if (symmetric && rows !== columns)
    throw new RangeError(`a symmetric matrix is square; this one has ${rows} rows and ${columns} columns`);
  if ((entries === undefined) === (measurements === undefined))
    throw new RangeError("a matrix problem has either entries or measurements");
  const m = targets.length;
  if (entries && entries.length !== 2 * m)
    throw new RangeError(`entries holds ${entries.length} numbers; ${m} targets need ${2 * m}`);
  if (measurements && measurements.length !== m * rows * columns)
    throw new RangeError(
      `measurements holds ${measurements.length} numbers; ${m} targets need ${m} x ${rows} x ${columns}`,
    );
  entries?.forEach((place, k) => {
    const size = k % 2 ? columns : rows;
    if (place < 0 || place >= size)
      throw new RangeError(`entries[${k >> 1}, ${k % 2}] is ${place}; it must be from 0 to ${size - 1}`);
  });
  for (const [name, values] of Object.entries({ measurements, targets })) {
    const bad = values?.findIndex((value) => !Number.isFinite(value)) ?? -1;
    if (bad >= 0) throw new RangeError(`${name}[${bad}] is ${values![bad]}; it must be finite`);
  }
}

function observedEntries(
  { rows, columns, targets }: MatrixProblem,
  entries: Int32Array,
  symmetric: boolean,
): MatrixConstraints {
  const least = new Float64Array(rows * columns);
  const observed = new Uint8Array(rows * columns);
  targets.forEach((target, i) => {
    const [row, column] = [entries[2 * i], entries[2 * i + 1]];
    for (const place of [row * columns + column, ...(symmetric ? [column * columns + row] : [])]) {
      if (observed[place] && least[place] !== target)
        throw new InfeasibleError(
          `entry (${row}, ${column}) is to be both ${least[place]} and ${target}`,
          Math.abs(least[place] - target) / 2,
          observed.reduce((sum, value) => sum + value, 0),
        );
      observed[place] = 1;
      least[place] = target;
    }
  });
  return {
    least,
    toSpan(W) {
      for (let k = 0; k < W.length; k++) if (!observed[k]) W[k] = 0;
      if (symmetric) symmetrize(W, rows);
    },
  };
}

/** By a Cholesky factorization of the measurements' Gram matrix, with one step of refinement: dependent ones are passed over. */
function measured(
  { rows, columns, measurements, targets }: MatrixProblem,
  symmetric: boolean,
): MatrixConstraints {
  const m = targets.length;
  const size = rows * columns;
  const A = symmetric ? measurements!.slice() : measurements!;
  if (symmetric) for (let i = 0; i < m; i++) symmetrize(A.subarray(i * size, (i + 1) * size), rows);
  const factors = new Float64Array(m * m);
  normalMatrix(A, new Float64Array(size).fill(1), new Float64Array(m * size), factors);
  factorCholesky(factors, m);
  const [coefficients, correction] = [new Float64Array(size), new Float64Array(size)];
  const [values, misses] = [new Float64Array(m), new Float64Array(m)];
  /** out = sum of c_i A_i with <A_i, out> = wanted_i; leaves in `misses` what is left of wanted. */
  const solve = (wanted: Float64Array, out: Float64Array) => {
    out.fill(0);
    misses.set(wanted);
    for (let pass = 0; pass < 2; pass++) {
      solveCholesky(factors, misses);
      multiplyTransposed(A, misses, correction);
      for (let k = 0; k < size; k++) out[k] += correction[k];
      multiply(A, out, misses);
      for (let i = 0; i < m; i++) misses[i] = wanted[i] - misses[i];
    }
  };
  const least = new Float64Array(size);
  solve(targets, least);
  const miss = maximumNorm(misses);
  if (!(miss <= FEASIBILITY * maximumNorm(targets)))
    throw new InfeasibleError(
      `no matrix has these measurements: the ${m} of them are dependent, and a target is missed by ${miss.toPrecision(3)}`,
      miss,
      factors.filter((value, k) => k % (m + 1) === 0 && value < Infinity).length,
    );
  return {
    least,
    toSpan(W) {
      multiply(A, W, values);
      solve(values, coefficients);
      W.set(coefficients);
    },
  };
}

/** W <- (W + Wᵀ)/2; W [size, size]. */
function symmetrize(W: Float64Array, size: number): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      const mean = (W[i * size + j] + W[j * size + i]) / 2;
      W[i * size + j] = mean;
      W[j * size + i] = mean;
    }
}

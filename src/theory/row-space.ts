import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { InfeasibleError } from "./errors.ts";
import { checkSystem, multiply, multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";

/**
 * X beta = y, written with orthonormal rows: V^T beta = c, where X = U diag(s) V^T is cut off at X's rank. Every solver
 * works on this form: repeated or dependent rows and badly scaled data then cost nothing.
 */
export interface RowSpace {
  samples: number;
  inputs: number;
  /** Number of singular values above max(samples, inputs) 2^-52 times the largest. */
  rank: number;
  /** V^T, [rank, inputs]: orthonormal rows. */
  basis: Float64Array;
  /** c = V^T beta of every solution, [rank]. */
  coordinates: Float64Array;
  /** s, [rank], decreasing. */
  singularValues: Float64Array;
  /** U^T, [rank, samples]: orthonormal rows. */
  left: Float64Array;
}

/** Residuals above this share of the largest target mean that X beta = y has no solution. */
const FEASIBILITY = 1e-9;

/**
 * The row space of X, and the coordinates in it that solve X beta = y.
 * @throws RangeError for wrong shapes or entries that are not finite
 * @throws InfeasibleError where no beta solves X beta = y
 */
export function rowSpace(system: LinearSystem): RowSpace {
  const { space, residual } = leastSquares(system);
  const miss = maximumNorm(residual);
  const { samples, inputs, rank } = space;
  if (!(miss <= FEASIBILITY * maximumNorm(system.y)))
    throw new InfeasibleError(
      `X beta = y has no solution: ${samples} samples, X has rank ${rank} of ${inputs} inputs, and the best beta misses a ` +
        `target by ${miss.toPrecision(3)}; use at most as many samples as inputs, or targets without noise`,
      miss,
      rank,
    );
  return space;
}

/**
 * The row space of X, the coordinates in it of the least-squares solution, and its X beta - y, [samples].
 * @throws RangeError for wrong shapes or entries that are not finite
 */
export function leastSquares(system: LinearSystem): { space: RowSpace; residual: Float64Array } {
  checkSystem(system);
  const { samples, inputs, X, y } = system;
  const rows = Array.from({ length: samples }, (_, i) => X.subarray(i * inputs, (i + 1) * inputs));
  const empty = maximumNorm(X) === 0;
  const svd = empty ? undefined : new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true });
  const diagonal = svd?.diagonal ?? [];
  const rank = diagonal.filter((value) => value > Math.max(samples, inputs) * 2 ** -52 * diagonal[0]).length;
  const singularValues = Float64Array.from(diagonal.slice(0, rank));
  const left = columnsOf(svd?.leftSingularVectors, samples, rank);
  const basis = columnsOf(svd?.rightSingularVectors, inputs, rank);
  const coordinates = multiply(left, y, new Float64Array(rank)).map((value, k) => value / singularValues[k]);

  const beta = multiplyTransposed(basis, coordinates, new Float64Array(inputs));
  const space = { samples, inputs, rank, basis, coordinates, singularValues, left };
  return { space, residual: residualOf(system, beta) };
}

/** nu [samples] with X^T nu = V dual, the least such: multipliers of X beta = y from those of V^T beta = c. */
export function multipliers({ samples, singularValues, left }: RowSpace, dual: Float64Array): Float64Array {
  const scaled = dual.map((value, k) => value / singularValues[k]);
  return multiplyTransposed(left, scaled, new Float64Array(samples));
}

/** The first `count` columns of a matrix with `length` rows, as rows of a row-major [count, length]. */
function columnsOf(matrix: Matrix | undefined, length: number, count: number): Float64Array {
  const out = new Float64Array(count * length);
  if (matrix)
    for (let k = 0; k < count; k++) for (let i = 0; i < length; i++) out[k * length + i] = matrix.get(i, k);
  return out;
}

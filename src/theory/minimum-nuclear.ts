import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { matrixConstraints, projectOnSolutions, type MatrixProblem } from "./matrix-constraints.ts";
import { nuclearNorm, singularValues } from "./singular-values.ts";

/** A solution of <A_i, W> = y_i of nearly least nuclear norm, and how near. */
export interface MinimumNuclear {
  /** [rows, columns] row-major; satisfies the constraints to rounding. */
  W: Float64Array;
  /** Its nuclear norm, the sum of its singular values. */
  nuclear: number;
  /**
   * How far, as a share of `nuclear`, the norm may be above the least one: proved by a feasible point of the dual program. For
   * semidefinite W the sum of its negative eigenvalues, taken positive, is added: it tends to 0 with the rest.
   */
  gap: number;
  /** Steps taken. */
  steps: number;
}

export interface MinimumNuclearOptions {
  /** Gap at which to stop. Default 1e-6. */
  tolerance?: number;
  /** Steps allowed; past them the gap is what it is. Default 20000. */
  maxSteps?: number;
  /** Called wherever the gap is looked at. */
  progress?: (state: { steps: number; gap: number }) => void;
}

/** Over-relaxation of the splitting, in (0, 2). */
const RELAXATION = 1.6;
/** The threshold on singular values, as a share of the largest one of the solution of least Frobenius norm. */
const THRESHOLD = 0.1;
/** Steps from one look at the gap to the next: it costs as much as two steps. */
const LOOK = 10;

/**
 * The solution of <A_i, W> = y_i of least nuclear norm, by Douglas-Rachford splitting between the norm and the constraints:
 *
 *     X = prox(Z) (singular values less tau, eigenvalues where W is semidefinite);   Y = 2X - Z on the constraints;   Z += 1.6 (Y - X)
 *
 * X on the constraints is the solution; (Z - X)/tau in the span of the A_i, over its largest singular value where that is above
 * 1, is A*(nu) of a dual feasible nu, and y . nu a lower bound of every solution's norm. It never fails for want of steps: the
 * gap says what was reached (near 1 or above, for ever, where no semidefinite matrix satisfies the constraints).
 *
 * @param problem with `semidefinite`: among symmetric positive semidefinite W
 * @throws RangeError for wrong shapes, entries out of range or that are not finite, or options that are out of range
 * @throws InfeasibleError where no (symmetric) W satisfies the constraints
 * @source the splitting: Lions & Mercier 1979; duality of the nuclear norm: Recht, Fazel & Parrilo 2010, Section 2
 */
export function minimumNuclear(
  problem: MatrixProblem & { semidefinite?: boolean },
  { tolerance = 1e-6, maxSteps = 20_000, progress }: MinimumNuclearOptions = {},
): MinimumNuclear {
  if (!(tolerance > 0)) throw new RangeError(`tolerance is ${tolerance}; it must be positive`);
  if (!(maxSteps >= 1)) throw new RangeError(`maxSteps is ${maxSteps}; it must be at least 1`);
  const { rows, columns, semidefinite = false } = problem;
  const constraints = matrixConstraints(problem, semidefinite);
  const { least, toSpan } = constraints;
  const shape = semidefinite ? semidefiniteMatrices(rows) : allMatrices(rows, columns);
  const tau = THRESHOLD * singularValues(least, rows, columns)[0];
  const size = rows * columns;
  const [Z, X, Y, scratch] = [least.slice(), new Float64Array(size), least.slice(), new Float64Array(size)];
  if (tau === 0) return { W: X, nuclear: 0, gap: 0, steps: 0 };
  for (let steps = 1; ; steps++) {
    shrink(Z, shape.spectrum(Z), tau, X);
    if (steps % LOOK === 0 || steps >= maxSteps) {
      const W = X.slice();
      projectOnSolutions(constraints, W, scratch);
      const { nuclear, outside } = shape.measure(W);
      const dual = X.map((value, k) => (Z[k] - value) / tau);
      toSpan(dual);
      const bound = inner(least, dual) / Math.max(1, shape.largest(dual));
      const gap = nuclear === 0 ? 0 : (Math.abs(nuclear - bound) + outside) / nuclear;
      progress?.({ steps, gap });
      if (gap <= tolerance || steps >= maxSteps) return { W, nuclear, gap, steps };
    }
    for (let k = 0; k < size; k++) Y[k] = 2 * X[k] - Z[k];
    projectOnSolutions(constraints, Y, scratch);
    for (let k = 0; k < size; k++) Z[k] += RELAXATION * (Y[k] - X[k]);
  }
}

/** What the splitting asks of the set that W is from. */
interface MatrixSet {
  spectrum(Z: Float64Array): Spectrum;
  /** What is at most 1 of a dual feasible point. */
  largest(dual: Float64Array): number;
  /** |W|_*, and how far W is outside the set. */
  measure(W: Float64Array): { nuclear: number; outside: number };
}

/** Singular values (or eigenvalues) of Z with the vectors on one side of it. */
interface Spectrum {
  values: number[];
  vectors: Matrix;
  /** Steps from one entry of Z to the next along those vectors, and across. */
  along: number;
  across: number;
}

function allMatrices(rows: number, columns: number): MatrixSet {
  const [small, along, across] = rows <= columns ? [rows, columns, 1] : [columns, 1, columns];
  const large = Math.max(rows, columns);
  return {
    // Only those above the threshold matter, which the Gram matrix's eigenvalues keep to rounding, at half the price of an SVD.
    spectrum(Z) {
      const gram = Matrix.zeros(small, small);
      for (let i = 0; i < small; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let k = 0; k < large; k++) sum += Z[i * along + k * across] * Z[j * along + k * across];
          gram.set(i, j, sum);
          gram.set(j, i, sum);
        }
      const { realEigenvalues, eigenvectorMatrix } = eigen(gram);
      const values = realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
      return { values, vectors: eigenvectorMatrix, along, across };
    },
    largest: (dual) => singularValues(dual, rows, columns)[0],
    measure: (W) => ({ nuclear: nuclearNorm(W, rows, columns), outside: 0 }),
  };
}

function semidefiniteMatrices(size: number): MatrixSet {
  const eigenvalues = (W: Float64Array) => eigen(toMatrix(W, size, size)).realEigenvalues;
  return {
    spectrum(Z) {
      const { realEigenvalues, eigenvectorMatrix } = eigen(toMatrix(Z, size, size));
      return { values: realEigenvalues, vectors: eigenvectorMatrix, along: size, across: 1 };
    },
    largest: (dual) => Math.max(...eigenvalues(dual)),
    measure(W) {
      const values = eigenvalues(W);
      return { nuclear: sum(values.map(Math.abs)), outside: -sum(values.filter((value) => value < 0)) };
    },
  };
}

/** out = Z with its spectrum lowered by tau, and nothing left of what was below: the sum of (1 - tau/s) u uᵀ Z. */
function shrink(
  Z: Float64Array,
  { values, vectors, along, across }: Spectrum,
  tau: number,
  out: Float64Array,
) {
  out.fill(0);
  const small = values.length;
  const large = Z.length / small;
  const row = new Float64Array(large);
  values.forEach((value, place) => {
    if (value <= tau) return;
    row.fill(0);
    for (let i = 0; i < small; i++) {
      const u = vectors.get(i, place);
      for (let k = 0; k < large; k++) row[k] += u * Z[i * along + k * across];
    }
    for (let i = 0; i < small; i++) {
      const factor = (1 - tau / value) * vectors.get(i, place);
      for (let k = 0; k < large; k++) out[i * along + k * across] += factor * row[k];
    }
  });
}

const eigen = (symmetric: Matrix) => new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });

const toMatrix = (W: Float64Array, rows: number, columns: number) => Matrix.from1DArray(rows, columns, W);

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const inner = (left: Float64Array, right: Float64Array) =>
  left.reduce((total, value, k) => total + value * right[k], 0);

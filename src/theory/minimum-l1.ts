import { LuDecomposition, Matrix } from "ml-matrix";
import { ConvergenceError } from "./errors.ts";
import { solveProgram } from "./linear-program.ts";
import { multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";
import { multipliers, rowSpace, type RowSpace } from "./row-space.ts";

/** A solution of X beta = y of least (weighted) l1 norm. */
export interface MinimumL1 {
  /** [inputs], at most `rank` nonzero entries. */
  beta: Float64Array;
  /** sum w_i |beta_i|. */
  norm: number;
  /** Inputs in the linear program's basis, increasing: all that the solution uses, and at most `rank`. */
  support: number[];
  /** The proof, [samples]: (Xᵀ nu)_i = w_i sign(beta_i) on the support, |Xᵀ nu|_i <= w_i elsewhere; y . nu = norm. */
  nu: Float64Array;
  /** Xᵀ nu, [inputs]: more exact than a product of the two. */
  certificate: Float64Array;
  /** Rank of X. */
  rank: number;
  /** Largest |X beta - y|. */
  residual: number;
}

/** Entries this small, as a share of the largest, are zeros of a degenerate basis, rounded. */
const ROUNDING = 1e-12;
/** How far a reduced cost may be negative, as a share of the weight, in a basis that is called optimal. */
const OPTIMALITY = 1e-7;

/**
 * A solution of X beta = y with the least l1 norm, by linear programming (HiGHS, dual simplex). The program finds the
 * basis; beta and its certificate are then solved for in float64 on that basis. Generically the solution is unique and
 * has exactly `rank` nonzero entries (fewer where targets without noise have a sparser one); where it is not unique, this
 * is one vertex of the solution set: `uniquenessMargin` tells.
 * @throws RangeError for wrong shapes, entries that are not finite, or weights that are not positive
 * @throws InfeasibleError where no beta solves X beta = y
 * @throws ConvergenceError where the solver stops at its limit (300 s), or its basis is not optimal
 */
export async function minimumL1(
  system: LinearSystem,
  {
    weights,
    space,
  }: {
    /** w, [inputs], > 0: minimizes sum w_i |beta_i| instead. */
    weights?: ArrayLike<number>;
    /** The row space of X, if it is known already. */
    space?: RowSpace;
  } = {},
): Promise<MinimumL1> {
  const known = space ?? rowSpace(system);
  const { inputs } = system;
  const { rank, basis, coordinates } = known;
  const costs = weights ? Float64Array.from(weights) : new Float64Array(inputs).fill(1);
  if (costs.length !== inputs || costs.some((cost) => !(cost > 0 && Number.isFinite(cost))))
    throw new RangeError(`weights must be ${inputs} positive finite numbers`);
  const scale = maximumNorm(coordinates);
  if (scale === 0)
    return {
      beta: new Float64Array(inputs),
      norm: 0,
      support: [],
      nu: new Float64Array(system.samples),
      certificate: new Float64Array(inputs),
      rank,
      residual: maximumNorm(system.y),
    };

  const { columns, idle } = await optimalBasis(known, costs, scale);
  const square = Matrix.zeros(rank, rank);
  for (let k = 0; k < rank; k++)
    columns.forEach(({ input }, column) => square.set(k, column, basis[k * inputs + input]));
  idle.forEach((row, k) => square.set(row, columns.length + k, 1));
  const solution = solveRefined(square, coordinates);
  const least = ROUNDING * maximumNorm(solution);
  const onSupport = columns.map((_, column) => (Math.abs(solution[column]) > least ? solution[column] : 0));
  const signs = columns.map(
    ({ input, sign }, column) => costs[input] * (Math.sign(onSupport[column]) || sign),
  );
  const dual = solveRefined(square.transpose(), [...signs, ...idle.map(() => 0)]);

  const beta = new Float64Array(inputs);
  let norm = 0;
  columns.forEach(({ input }, column) => {
    beta[input] = onSupport[column];
    norm += costs[input] * Math.abs(onSupport[column]);
  });
  const certificate = multiplyTransposed(basis, dual, new Float64Array(inputs));
  const excess = certificate.reduce((worst, value, i) => Math.max(worst, Math.abs(value) / costs[i] - 1), 0);
  if (!(excess <= OPTIMALITY))
    throw new ConvergenceError(
      `the linear program's basis is not optimal: a reduced cost is ${(-excess).toPrecision(3)} of its weight; ` +
        "X is too badly conditioned for a minimum-l1 solution in float64",
      0,
      excess,
    );
  return {
    beta,
    norm,
    support: columns.map(({ input }) => input).sort((left, right) => left - right),
    nu: multipliers(known, dual),
    certificate,
    rank,
    residual: maximumNorm(residualOf(system, beta)),
  };
}

interface Basis {
  /** Inputs, each with the sign of its share, p or m, that is in the basis. */
  columns: { input: number; sign: number }[];
  /** Rows whose own slack, 0, fills the basis up to `rank`: a degenerate program's, such as that of targets without noise. */
  idle: number[];
}

/** An optimal basis of: minimize w . (p + m) subject to V^T (p - m) = c / scale, p, m >= 0. */
const optimalBasis = (
  { inputs, basis, coordinates }: RowSpace,
  weights: Float64Array,
  scale: number,
): Promise<Basis> => {
  const largest = maximumNorm(weights);
  return solveProgram(
    {
      name: "minimum-l1",
      costs: Float64Array.from({ length: 2 * inputs }, (_, column) => weights[column % inputs] / largest),
      lowest: new Float64Array(2 * inputs),
      targets: coordinates.map((value) => value / scale),
      entry: (k, column) => (column < inputs ? 1 : -1) * basis[k * inputs + (column % inputs)],
    },
    (model, { constants: { basisStatus } }) => {
      const { colStatus, rowStatus } = model.getBasis();
      const basicOf = (status: typeof colStatus) =>
        [...status.keys()].filter((place) => status[place] === basisStatus.basic);
      return {
        columns: basicOf(colStatus).map((column) => ({
          input: column % inputs,
          sign: column < inputs ? 1 : -1,
        })),
        idle: basicOf(rowStatus),
      };
    },
  );
};

/** The solution of a square system, with one step of refinement. */
function solveRefined(square: Matrix, target: ArrayLike<number>): Float64Array {
  const factors = new LuDecomposition(square);
  const right = Matrix.columnVector(Array.from(target));
  const first = factors.solve(right);
  const correction = factors.solve(Matrix.sub(right, square.mmul(first)));
  return Float64Array.from(Matrix.add(first, correction).to1DArray());
}

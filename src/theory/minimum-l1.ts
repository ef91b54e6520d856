import { LuDecomposition, Matrix } from "ml-matrix";
import { ConvergenceError } from "./errors.ts";
import { linearProgramSolver } from "./linear-program.ts";
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
  /** Rank of X. */
  rank: number;
  /** Largest |X beta - y|. */
  residual: number;
}

/** Entries this small, as a share of the largest, are zeros of a degenerate basis, rounded. */
const ROUNDING = 1e-12;
/** How far a reduced cost may be negative, as a share of the weight, in a basis that is called optimal. */
const OPTIMALITY = 1e-7;
const SECONDS = 300;

/**
 * A solution of X beta = y with the least l1 norm, by linear programming (HiGHS, dual simplex). The program finds the
 * basis; beta and its certificate are then solved for in float64 on that basis. Generically the solution is unique and
 * has exactly `rank` nonzero entries (fewer where targets without noise have a sparser one); where it is not unique, this
 * is one vertex of the solution set.
 * @param weights w, [inputs], > 0: minimizes sum w_i |beta_i| instead
 * @param space the row space of X, if it is known already
 * @throws RangeError for wrong shapes, entries that are not finite, or weights that are not positive
 * @throws InfeasibleError where no beta solves X beta = y
 * @throws ConvergenceError where the solver stops at its limit (300 s), or its basis is not optimal
 */
export async function minimumL1(
  system: LinearSystem,
  { weights, space }: { weights?: ArrayLike<number>; space?: RowSpace } = {},
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
  const excess = multiplyTransposed(basis, dual, new Float64Array(inputs)).reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value) / costs[i] - 1),
    0,
  );
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
async function optimalBasis(
  { rank, inputs, basis, coordinates }: RowSpace,
  costs: Float64Array,
  scale: number,
): Promise<Basis> {
  const highs = await linearProgramSolver();
  const values = new Float64Array(2 * inputs * rank);
  const indices = new Int32Array(2 * inputs * rank);
  const starts = Int32Array.from({ length: 2 * inputs + 1 }, (_, column) => column * rank);
  for (let column = 0; column < 2 * inputs; column++)
    for (let k = 0; k < rank; k++) {
      const value = basis[k * inputs + (column % inputs)];
      indices[column * rank + k] = k;
      values[column * rank + k] = column < inputs ? value : -value;
    }
  const targets = coordinates.map((value) => value / scale);
  const largestCost = maximumNorm(costs);
  const model = highs.createModel({
    numCols: 2 * inputs,
    numRows: rank,
    colCost: Float64Array.from({ length: 2 * inputs }, (_, column) => costs[column % inputs] / largestCost),
    colLower: new Float64Array(2 * inputs),
    colUpper: new Float64Array(2 * inputs).fill(highs.infinity),
    rowLower: targets,
    rowUpper: targets,
    matrix: { format: "csc", numRows: rank, numCols: 2 * inputs, starts, indices, values },
  });
  try {
    model.options.set({
      output_flag: false,
      solver: "simplex",
      // On dense rows it finds nothing, and takes as long as the solve.
      presolve: "off",
      time_limit: SECONDS,
      // The smallest that HiGHS takes: an entry that it drops, or a bound that it bends, could move the basis.
      small_matrix_value: 1e-12,
      primal_feasibility_tolerance: 1e-10,
      dual_feasibility_tolerance: 1e-10,
    });
    const { modelStatus } = model.run();
    const { modelStatus: named, basisStatus } = highs.constants;
    if (modelStatus !== named.optimal) {
      const status = Object.entries(named).find(([, value]) => value === modelStatus)?.[0];
      throw new ConvergenceError(
        `the minimum-l1 linear program (${rank} rows, ${2 * inputs} columns) ended with "${status}", not with an optimum`,
        Number(model.info.get("simplex_iteration_count")),
        NaN,
      );
    }
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
  } finally {
    model.dispose();
  }
}

/** The solution of a square system, with one step of refinement. */
function solveRefined(square: Matrix, target: ArrayLike<number>): Float64Array {
  const factors = new LuDecomposition(square);
  const right = Matrix.columnVector(Array.from(target));
  const first = factors.solve(right);
  const correction = factors.solve(Matrix.sub(right, square.mmul(first)));
  return Float64Array.from(Matrix.add(first, correction).to1DArray());
}

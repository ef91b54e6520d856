import { multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { l2Norm, maximumNorm } from "./norms.ts";
import { multipliers, rowSpace, type RowSpace } from "./row-space.ts";

/** The solution of X beta = y of least (weighted) l2 norm. */
export interface MinimumL2 {
  /** [inputs] */
  beta: Float64Array;
  /** Its l2 norm, sqrt(sum (beta_i / w_i)^2) with weights w. */
  norm: number;
  /** Multipliers, [samples]: beta = diag(w^2) Xᵀ nu. */
  nu: Float64Array;
  /** Rank of X. Below `samples`, rows are dependent (and consistent); below `inputs`, other solutions exist. */
  rank: number;
  /** Largest |X beta - y|. */
  residual: number;
}

/**
 * The solution of X beta = y with the least l2 norm, by a singular value decomposition: right also for dependent or
 * repeated rows and more samples than inputs, as long as a solution exists.
 * @throws RangeError for wrong shapes or entries that are not finite
 * @throws InfeasibleError where no beta solves X beta = y
 */
export function minimumL2(
  system: LinearSystem,
  {
    weights,
    space,
  }: {
    /** w, [inputs], > 0: minimizes sum (beta_i / w_i)^2 instead. */
    weights?: ArrayLike<number>;
    /** The row space of X (with weights: of X diag(w)), if it is known already. */
    space?: RowSpace;
  } = {},
): MinimumL2 {
  const { inputs } = system;
  const scaled = weights ? { ...system, X: system.X.map((value, k) => value * weights[k % inputs]) } : system;
  const known = space ?? rowSpace(scaled);
  const unweighted = multiplyTransposed(known.basis, known.coordinates, new Float64Array(inputs));
  const beta = weights ? unweighted.map((value, i) => value * weights[i]) : unweighted;
  return {
    beta,
    norm: l2Norm(unweighted),
    nu: multipliers(known, known.coordinates),
    rank: known.rank,
    residual: maximumNorm(residualOf(system, beta)),
  };
}

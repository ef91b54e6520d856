import { difference, l1Norm, l2Norm } from "./norms.ts";

/**
 * How far a predictor is from the minimum-norm solutions. Names as the quantities of the interface.
 * @param beta, minimumL1, minimumL2 [inputs]
 */
export function solutionDistances(
  beta: ArrayLike<number>,
  { minimumL1, minimumL2 }: { minimumL1: ArrayLike<number>; minimumL2: ArrayLike<number> },
) {
  return {
    min_l1_distance: l1Norm(difference(beta, minimumL1)),
    min_l2_distance: l2Norm(difference(beta, minimumL2)),
    excess_l1: l1Norm(beta) - l1Norm(minimumL1),
    excess_l2: l2Norm(beta) - l2Norm(minimumL2),
  };
}

/** l1 norm and squared l2 norm of beta - betaStar (for standard normal inputs the latter is the risk, but for the noise). */
export function populationErrors(beta: ArrayLike<number>, betaStar: ArrayLike<number>) {
  const error = difference(beta, betaStar);
  return { population_l1: l1Norm(error), population_l2: l2Norm(error) ** 2 };
}

/** l2 distance from beta to the minimizer of Q, over that minimizer's norm. */
export function biasGap(beta: ArrayLike<number>, minimizer: ArrayLike<number>): number {
  return l2Norm(difference(beta, minimizer)) / l2Norm(minimizer);
}

/**
 * The alpha whose conserved quantity a flow under the penalty l2 |w|^2 has after some time, alpha exp(-2 l2 t): at any depth, and for
 * any loss. With the squared loss beta stays near the minimizer of Q at this alpha, so that decay is a clock.
 * @source Lyu et al. 2024
 */
export const decayedAlpha = (alpha: number, l2: number, time: number): number =>
  alpha * Math.exp(-2 * l2 * time);

/** The time after which decay has taken alpha to `goal`: a line of slope 1 in 2 l2 t over ln alpha. */
export const decayTime = (alpha: number, l2: number, goal: number): number =>
  Math.log(alpha / goal) / (2 * l2);

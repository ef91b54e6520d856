/** X beta = y has no solution, so nothing that is constrained by it exists. */
export class InfeasibleError extends Error {
  override name = "InfeasibleError";
  /**
   * @param residual largest |X beta - y| over samples at the least-squares solution
   * @param rank of X
   */
  constructor(
    message: string,
    readonly residual: number,
    readonly rank: number,
  ) {
    super(message);
  }
}

/** An iteration reached its limit, or the end of float64, before it was as accurate as asked. */
export class ConvergenceError extends Error {
  override name = "ConvergenceError";
  /**
   * @param iterations how many were taken
   * @param residual what was left, in the units that the message names
   */
  constructor(
    message: string,
    readonly iterations: number,
    readonly residual: number,
  ) {
    super(message);
  }
}

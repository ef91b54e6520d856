import { checkSystem, multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";
import { signConstrainedLeastSquares } from "./sign-constrained.ts";

/** Where the flow is between two jumps, as alpha -> 0. */
export interface Saddle {
  /** The clock at which it jumps here; 0 for the origin. See `saddleClock`. */
  tau: number;
  /** (1/N) |X beta - y|^2. */
  loss: number;
  /** [inputs] */
  beta: Float64Array;
}

/** A force below this share of the first one is none. */
const NO_FORCE = 1e-11;

/**
 * The saddles that gradient flow of a diagonal network, of any depth >= 2, passes as alpha -> 0, and the times at which it jumps to
 * each, on a clock that all depths share:
 *
 *     beta = sigma = 0; repeat: c = (2/N) Xᵀ(y - X beta), Delta the least time until some sigma_i + Delta c_i comes to its sign;
 *     tau += Delta; sigma += Delta c; beta = argmin |X beta - y|^2, beta_i >= 0 where sigma_i = 1, <= 0 where -1, else 0
 *
 * @param most jumps to give at most; default 1000
 * @throws RangeError for wrong shapes or entries that are not finite
 * @source Pesme & Flammarion 2023, Algorithm 1 (depth 2); other depths: docs/mathematics.md
 */
export function saddleJumps(system: LinearSystem, most = 1000): Saddle[] {
  checkSystem(system);
  const { samples, inputs, X } = system;
  const sigma = new Float64Array(inputs);
  let beta: Float64Array = new Float64Array(inputs);
  const saddles: Saddle[] = [];
  let [tau, first] = [0, 0];
  for (;;) {
    const residual = residualOf(system, beta);
    saddles.push({ tau, loss: residual.reduce((sum, value) => sum + value * value, 0) / samples, beta });
    const force = multiplyTransposed(X, residual, new Float64Array(inputs)).map(
      (value) => (-2 / samples) * value,
    );
    first ||= maximumNorm(force);
    if (maximumNorm(force) <= NO_FORCE * first || saddles.length > most) return saddles;
    let wait = Infinity;
    for (let i = 0; i < inputs; i++)
      // What is at its bound is pushed against it, or does not move.
      if (Math.abs(force[i]) > NO_FORCE * first && sigma[i] !== Math.sign(force[i]))
        wait = Math.min(wait, (Math.sign(force[i]) - sigma[i]) / force[i]);
    if (wait === Infinity) return saddles;
    tau += wait;
    for (let i = 0; i < inputs; i++) {
      // Of an active input the force is rounding, which long waits would add up.
      if (Math.abs(force[i]) <= NO_FORCE * first) continue;
      const moved = sigma[i] + wait * force[i];
      sigma[i] = Math.abs(Math.abs(moved) - 1) < 1e-12 ? Math.sign(moved) : moved;
    }
    beta = signConstrainedLeastSquares(
      system,
      sigma.map((value) => (Math.abs(value) === 1 ? value : 0)),
    );
  }
}

/**
 * tau over the flow's time: 4/ln(alpha^-2) at depth 2, D (D-2) alpha^(D-2) beyond.
 * @throws RangeError for a depth below 2, or an alpha that is not in (0, 1) at depth 2
 */
export function saddleClock(depth: number, alpha: number): number {
  if (!(Number.isInteger(depth) && depth >= 2))
    throw new RangeError(`depth is ${depth}; saddles need at least 2`);
  if (!(alpha > 0 && (depth > 2 || alpha < 1)))
    throw new RangeError(`alpha is ${alpha}; it must be in (0, 1)`);
  return depth === 2 ? 4 / Math.log(alpha ** -2) : depth * (depth - 2) * alpha ** (depth - 2);
}

/**
 * The time average of beta up to tau, [inputs], as alpha -> 0. It is the lasso, argmin L + |beta|_1/tau, until an input is switched
 * off, and near it after.
 * @source Berthier 2025
 */
export function averageAlongSaddles(saddles: readonly Saddle[], tau: number): Float64Array {
  const average = new Float64Array(saddles[0].beta.length);
  saddles.forEach(({ beta, tau: from }, k) => {
    const until = Math.min(tau, saddles[k + 1]?.tau ?? Infinity);
    if (until > from) for (let i = 0; i < average.length; i++) average[i] += ((until - from) / tau) * beta[i];
  });
  return average;
}

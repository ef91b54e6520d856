import { ConvergenceError } from "./errors.ts";
import { checkSystem, multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";
import { leastSquaresOn } from "./sign-constrained.ts";

/** How far a gradient may be past the penalty, as its share, in a solution. */
const OPTIMALITY = 1e-10;

/**
 * argmin (1/N) |X beta - y|^2 + penalty |beta|_1, [inputs], by coordinate descent that finds the signs, and a solution on them. Where a
 * diagonal network of depth 2 ends under weight decay, with l2 as the penalty; and where the time average of its flow is as
 * alpha -> 0, with 1/tau.
 * @param penalty > 0
 * @param start a solution nearby, [inputs]
 * @throws RangeError for wrong shapes, entries that are not finite, or a penalty that is not positive
 * @throws ConvergenceError where the signs are not found
 */
export function lasso(system: LinearSystem, penalty: number, start?: ArrayLike<number>): Float64Array {
  checkSystem(system);
  if (!(penalty > 0)) throw new RangeError(`the penalty is ${penalty}; it must be positive`);
  const { X, samples, inputs } = system;
  const bound = (samples * penalty) / 2;
  const lengths = new Float64Array(inputs);
  X.forEach((value, k) => (lengths[k % inputs] += value * value));
  const beta = start ? Float64Array.from(start) : new Float64Array(inputs);
  const residual = residualOf(system, beta);
  for (let sweep = 1; sweep <= 100_000; sweep++) {
    for (let i = 0; i < inputs; i++) {
      if (lengths[i] === 0) continue;
      let pull = lengths[i] * beta[i];
      for (let s = 0; s < samples; s++) pull -= X[s * inputs + i] * residual[s];
      const next = (Math.sign(pull) * Math.max(0, Math.abs(pull) - bound)) / lengths[i];
      const change = next - beta[i];
      if (change === 0) continue;
      beta[i] = next;
      for (let s = 0; s < samples; s++) residual[s] += X[s * inputs + i] * change;
    }
    if (sweep % 10 > 0) continue;
    const exact = onSupport(system, beta, bound);
    if (exact) return exact;
  }
  throw new ConvergenceError(`the lasso at penalty ${penalty} did not find its signs`, 100_000, penalty);
}

/** The solution with the signs of beta, where they are those of the lasso. */
function onSupport(system: LinearSystem, beta: Float64Array, bound: number): Float64Array | undefined {
  const support = [...beta.keys()].filter((i) => beta[i] !== 0);
  const values = leastSquaresOn(system, support, (i) => bound * Math.sign(beta[i]));
  if (support.some((i, k) => values[k] * beta[i] < 0)) return undefined;
  const exact = new Float64Array(beta.length);
  support.forEach((i, k) => (exact[i] = values[k]));
  const force = multiplyTransposed(system.X, residualOf(system, exact), new Float64Array(beta.length));
  return maximumNorm(force) <= bound * (1 + OPTIMALITY) ? exact : undefined;
}

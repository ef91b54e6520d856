import { checkInitialization, initialScale, type Initialization } from "./initialization.ts";

/**
 * r(z), one coordinate of R: the least squared distance that weights w± move from 1 to reach w+^2 - w-^2 = z.
 * Even, z^2/8 for small z, |z| for large; a few units of 2^-53 relatively exact for every finite z.
 *
 * The paper's quartic, without its second root: the weights are 1/(1-t) and 1/(1+t) with |z| = 4t/(1-t^2)^2. With
 * t = tanh s and x = sinh s that is |z| = 4 x (1+x^2)^(3/2) and r = 2 x^2 (1+2x^2): all sums of positive terms.
 * @source Woodworth et al. 2020, Theorem 4
 */
export function explicitPotential(z: number): number {
  const goal = Math.abs(z) / 4;
  if (goal === 0 || Number.isNaN(goal)) return goal;
  // Convex in x, and this start lies above the root: Newton's iterates descend to it.
  let x = Math.min(goal, goal ** 0.25);
  for (let iteration = 0; iteration < 60; iteration++) {
    const root = Math.hypot(1, x);
    const change = (x * root ** 3 - goal) / (root * (1 + 4 * x * x));
    x -= change;
    if (Math.abs(change) <= 2 ** -51 * x) break;
  }
  return 2 * x * x * (1 + 2 * x * x);
}

/**
 * R(beta), the least |w - w(0)|^2 among weights w with w+^2 - w-^2 = beta, for w(0) = alpha w0 (both signs): what
 * l2-regularizing the distance from initialization would minimize. D = 2 only.
 * @param beta linear predictor, [inputs]
 * @throws RangeError for an initialization that is not positive, of another length, or of another depth
 * @source Woodworth et al. 2020, Section 4 and Theorem 4
 */
export function explicitBias(beta: ArrayLike<number>, initialization: Initialization): number {
  const checked = checkInitialization(initialization, beta.length);
  const { depth } = checked;
  if (depth !== 2)
    throw new RangeError(`depth is ${depth}; the explicit bias has a closed form for depth 2 only`);
  return initialScale(checked).reduce((sum, scale, i) => sum + scale * explicitPotential(beta[i] / scale), 0);
}

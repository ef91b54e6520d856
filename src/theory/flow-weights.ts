import { checkInitialization, type Initialization } from "./initialization.ts";
import { inverseProfile, inverseProfileAngle } from "./profile.ts";

/**
 * The weights w+ and w- at which gradient flow from alpha w0 has the predictor beta, [inputs] each: what it conserves leaves one
 * such pair (w+ w- = a^2 at depth 2, w+^(2-D) + w-^(2-D) = 2 a^(2-D) beyond).
 * @throws RangeError for an initialization that is not positive, or of another length
 * @source Woodworth et al. 2020, proofs of Theorems 1 and 3
 */
export function flowWeights(
  beta: ArrayLike<number>,
  initialization: Initialization,
): { plus: Float64Array; minus: Float64Array } {
  const { depth, alpha, w0 } = checkInitialization(initialization, beta.length);
  const at = (sign: number) =>
    w0.map((shape, i) => {
      const a = alpha * shape;
      if (depth === 1) return a + (sign * beta[i]) / 2;
      const z = sign * (beta[i] / a ** depth);
      if (depth === 2) return a * Math.exp(inverseProfile(z, 2) / 2);
      // 1 - tanh v = 2/(1 + e^2v): nothing is left of 1 - z itself where w+ is large.
      return a * ((1 + Math.exp(2 * inverseProfileAngle(z, depth))) / 2) ** (1 / (depth - 2));
    });
  return { plus: at(1), minus: at(-1) };
}

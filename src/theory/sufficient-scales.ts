/** Scales of initialization that Theorem 2 proves sufficient, as log10 alpha: the first is often below 1e-300. */
export interface SufficientScales {
  /** At most this: the l1 norm of gradient flow's limit is within a factor 1 + epsilon of the least one. */
  richLog10: number;
  /** At least this: its squared l2 norm is within a factor 1 + epsilon of the least one. */
  kernelLog10: number;
}

/**
 * Theorem 2's thresholds (D = 2, w0 = 1):
 *
 *     alpha <= min{ (2 (1+e) b1)^(-(2+e)/(2e)), exp(-n/(e b1)) }      alpha >= sqrt(2 (1+e) (1+2/e) b2)
 *
 * @throws RangeError for an argument that is not positive and finite
 * @source Woodworth et al. 2020, Theorem 2
 */
export function sufficientScales({
  epsilon,
  inputs,
  minimumL1,
  minimumL2,
}: {
  /** e, > 0. */
  epsilon: number;
  /** n. */
  inputs: number;
  /** b1, the l1 norm of the minimum-l1 solution, > 0. */
  minimumL1: number;
  /** b2, the l2 norm of the minimum-l2 solution, > 0. */
  minimumL2: number;
}): SufficientScales {
  for (const [name, value] of Object.entries({ epsilon, inputs, minimumL1, minimumL2 }))
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`${name} is ${value}; it must be positive and finite`);
  const power = (-(2 + epsilon) / (2 * epsilon)) * Math.log10(2 * (1 + epsilon) * minimumL1);
  const exponential = (-inputs / (epsilon * minimumL1)) * Math.LOG10E;
  return {
    richLog10: Math.min(power, exponential),
    kernelLog10: Math.log10(2 * (1 + epsilon) * (1 + 2 / epsilon) * minimumL2) / 2,
  };
}

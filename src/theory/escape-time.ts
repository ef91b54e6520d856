import { dualFlowRate } from "./flow-rate.ts";
import { checkInitialization, initialScale, type Initialization } from "./initialization.ts";
import { checkSystem, multiplyTransposed, type LinearSystem } from "./linear-system.ts";
import { inverseProfile } from "./profile.ts";

/**
 * The time after which gradient flow leaves the saddle at 0: when the first entry of beta would reach `size` if nothing else
 * had moved. For D = 2 and small alpha this is ln(size/alpha^2) N / (8 max |Xᵀ y|); for D >= 3 it grows like alpha^(2-D).
 * @param size a typical entry of the solution, > 0
 * @returns time of the flow on the mean squared loss; Infinity where Xᵀ y = 0
 * @throws RangeError for wrong shapes, a size that is not positive, or alpha^D outside float64
 * @source Woodworth et al. 2020, Section 3 and Theorem 3's proof; docs/mathematics.md
 */
export function escapeTime(system: LinearSystem, initialization: Initialization, size: number): number {
  checkSystem(system);
  const checked = checkInitialization(initialization, system.inputs);
  const { depth, alpha, w0 } = checked;
  if (!(size > 0)) throw new RangeError(`size is ${size}; it must be positive`);
  const rate = dualFlowRate(depth, alpha, system.samples);
  const force = multiplyTransposed(system.X, system.y, new Float64Array(system.inputs));
  const scale = initialScale(checked);
  return force.reduce((first, value, i) => {
    const goal = inverseProfile(size / scale[i], depth);
    return Math.min(first, goal / (rate * w0[i] ** (depth - 2) * Math.abs(value)));
  }, Infinity);
}

import { biasMinimizer, type BiasMinimizer, type MinimizerOptions } from "./bias-minimizer.ts";
import type { LinearSystem } from "./linear-system.ts";

/**
 * The start from which gradient flow would end where descent does, at depth 2. A step multiplies w± by 1 ∓ g, g = 2 eta dL/dbeta of
 * its batch, so that after all of them
 *
 *     ln a_eff = ln a + (1/2) sum ln|1 - g^2|      delta = sum [ln|(1 - g)/(1 + g)| + 2 g]
 *     beta = 2 a_eff^2 sinh(Xᵀ nu + delta)         w± = ± a_eff exp(±(Xᵀ nu + delta)/2)
 *
 * and the end on X beta = y is the minimizer of the Q of that start: exactly, also at the edge of stability.
 * @source Even et al. 2023, Theorem 1 (their step is 4 eta, their alpha sqrt(2) times ours)
 */
export class EffectiveStart {
  /** ln a_eff, [inputs]. */
  readonly logAlpha: Float64Array;
  /** delta, [inputs]. */
  readonly shift: Float64Array;

  /** @param a initial weights, alpha w0, [inputs] */
  constructor(a: ArrayLike<number>) {
    this.logAlpha = Float64Array.from(a, Math.log);
    this.shift = new Float64Array(a.length);
  }

  /** Counts a step. @param g what the step multiplied w± by, 1 ∓ g, [inputs] */
  step(g: ArrayLike<number>): void {
    for (let i = 0; i < this.shift.length; i++) {
      this.logAlpha[i] += 0.5 * Math.log(Math.abs((1 - g[i]) * (1 + g[i])));
      this.shift[i] += shiftOf(g[i]);
    }
  }

  /** Where a descent that has made these steps, and converges, ends. @throws as `biasMinimizer` */
  end(system: LinearSystem, options?: MinimizerOptions): BiasMinimizer {
    const w0 = this.logAlpha.map((value, i) => Math.exp(value + this.shift[i] / 2));
    const minus = this.logAlpha.map((value, i) => Math.exp(value - this.shift[i] / 2));
    return biasMinimizer(system, { alpha: 1, w0, minus }, options);
  }
}

/** ln|(1 - g)/(1 + g)| + 2 g; below 0.1 by its series, -2 (g^3/3 + g^5/5 + ...), of which nothing cancels. */
function shiftOf(g: number): number {
  if (Math.abs(g) >= 0.1) return Math.log(Math.abs((1 - g) / (1 + g))) + 2 * g;
  const square = g * g;
  let sum = 0;
  for (let k = 17; k >= 3; k -= 2) sum = sum * square + 1 / k;
  return -2 * g * square * sum;
}

/**
 * ln(a_eff / a) that is expected of noise, at depth 2: -(8 eta^2 h / b) sum over updates of (L + delta^2), with batches of b << N
 * samples, and noise of deviation delta, fresh at each update, on labels. Its last term holds for any b.
 * @param secondMoment h, the mean over samples of x_j^2 of this input
 * @param losses L before each update
 * @source HaoChen et al. 2021; Pesme et al. 2021; in these units docs/mathematics.md
 */
export function expectedShrinkage(
  {
    stepSize,
    batchSize,
    secondMoment,
    labelNoise = 0,
  }: {
    stepSize: number;
    batchSize: number;
    secondMoment: number;
    labelNoise?: number;
  },
  losses: ArrayLike<number>,
): number {
  let sum = 0;
  for (let k = 0; k < losses.length; k++) sum += losses[k] + labelNoise ** 2;
  return (-8 * stepSize ** 2 * secondMoment * sum) / batchSize;
}

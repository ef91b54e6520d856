import { norm, u } from "../../src/models/roundoff.ts";
import type { Expectation } from "./problem.ts";

/** What descent of all weights together is told of. */
interface Descent {
  /** Weights of a run. */
  length: number;
  /** [runs, length]. */
  starts: Float64Array;
  stepSize: number;
}

/** Of weights that may be off by e: how they move, and what float32 makes of it. */
export interface Slope {
  gradient: Float64Array;
  /** What rounding may make of the gradient, by weight. */
  error: Float64Array;
  /** What two layers' weights, of a row and of a column, bend each other's gradient by. */
  couplings: readonly Float64Array[];
  /** What the gradient jumps by where units may switch. */
  jump: number;
}

/**
 * Steps of some runs in float64, and beside them a bound e on the l2 distance of their weights from what float32 makes of them, to
 * first order in u:
 *
 *   e <- (1 + eta C) e + eta k + d
 *
 * C is the largest sum of one layer's couplings, k the jump, d what one step rounds: eta times the gradient's error, and
 * of w u |w| where it is stored, and 4u |change|.
 */
export function expectDescent(
  { length, starts, stepSize }: Descent,
  checked: readonly number[],
  steps: readonly number[],
  slopeAt: (w: Float64Array, e: number) => Slope,
): Expectation[] {
  const expectations = steps.map((): Expectation => ({ results: [], bounds: [] }));
  for (const run of checked) {
    const w = starts.slice(run * length, (run + 1) * length);
    let e = 0;
    for (let step = 0, place = 0; place < steps.length; step++) {
      if (step === steps[place]) {
        expectations[place].results.push(w.slice());
        expectations[place].bounds.push(e / norm(w));
        place += 1;
      }
      const { gradient, error, couplings, jump } = slopeAt(w, e);
      const coupling = Math.max(
        ...couplings.map((own, l) => couplings.reduce((sum, others, k) => sum + own[k] + others[l], 0)),
      );
      const stored = w.map(
        (value, p) => stepSize * (error[p] + 4 * u * Math.abs(gradient[p])) + u * Math.abs(value),
      );
      e = (1 + stepSize * coupling) * e + stepSize * jump + norm(stored);
      for (let p = 0; p < length; p++) w[p] -= stepSize * gradient[p];
    }
  }
  return expectations;
}

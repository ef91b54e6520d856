import { defineJointLoss } from "../loss.ts";
import { oneHot } from "../one-hot.ts";

/** log(sum over outputs k of exp(f_k - f_c)), c the class that the target numbers. */
export const crossEntropy = defineJointLoss({
  kind: "cross-entropy",
  formula: "log(sum exp(f)) - f_c for targets that number classes c from 0",
  sample(f, y) {
    const own = Array.from(y).indexOf(1);
    const z = Array.from(f, (value) => value - f[own]);
    const largest = Math.max(...z);
    const at = z.indexOf(largest);
    const terms = z.map((value) => Math.exp(value - largest));
    const sumBut = (left: number) => terms.reduce((sum, term, k) => (k === left ? sum : sum + term), 0);
    const total = 1 + sumBut(at);
    return {
      value: largest + Math.log1p(sumBut(at)),
      slopes: terms.map((term, k) => (k === own ? -sumBut(own) : term) / total),
      // Those of sum p f^2, which is no flatter in any direction.
      curvatures: terms.map((term) => term / total),
    };
  },
  largestCurvature: 0.5,
  largestSlope: () => 1,
  roundings: (outputs) => 2 * outputs + 240,
  encode: (dataset) => oneHot(dataset, "cross-entropy"),
});

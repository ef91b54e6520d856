import type { Dataset } from "../../data/dataset.ts";
import { DocumentError } from "../../document/error.ts";
import { defineJointLoss } from "../loss.ts";

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
  encode: oneHot,
});

/** Data whose targets number classes, as data with an output a class: 1 of its own, 0 of the others. */
function oneHot(dataset: Dataset): Dataset {
  const { samples, outputs, y, testY } = dataset;
  const refuse = (problem: string) => new DocumentError("loss.kind", `is "cross-entropy"; ${problem}`);
  if (outputs > 1)
    throw refuse(
      `its targets number classes from 0, one a sample, and the data have ${outputs} targets a sample`,
    );
  const classes = y.reduce((most, target) => Math.max(most, target), 0) + 1;
  for (const [name, targets] of [
    ["target", y],
    ["test target", testY],
  ] as const) {
    const wrong = targets.findIndex((target) => !(Number.isInteger(target) && target >= 0));
    if (wrong >= 0)
      throw refuse(`its targets number classes from 0, and ${name} ${wrong} is ${targets[wrong]}`);
    const unknown = targets.findIndex((target) => target >= classes);
    if (unknown >= 0)
      throw refuse(
        `${name} ${unknown} is class ${targets[unknown]}; the training set has none beyond ${classes - 1}`,
      );
  }
  if (classes < 2) throw refuse("the training set has one class, 0");
  if (classes > Math.max(2, samples))
    throw refuse(
      `target ${y.indexOf(classes - 1)} is class ${classes - 1}, of ${samples} samples: classes are numbered from 0`,
    );
  const encoded = (targets: Float64Array) => {
    const all = new Float64Array(classes * targets.length);
    targets.forEach((target, j) => (all[j * classes + target] = 1));
    return all;
  };
  return { ...dataset, outputs: classes, y: encoded(y), testY: encoded(testY) };
}

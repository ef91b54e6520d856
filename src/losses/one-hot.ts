import type { Dataset } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";

/**
 * Data whose targets number classes, as data with an output a class: 1 of its own, 0 of the others.
 *
 * @param loss that takes them so, for messages
 * @throws DocumentError where targets do not number classes
 */
export function oneHot(dataset: Dataset, loss: string): Dataset {
  const { samples, outputs, y, testY } = dataset;
  const refuse = (problem: string) => new DocumentError("loss.kind", `is "${loss}"; ${problem}`);
  if (outputs > 1)
    throw refuse(
      `its targets number classes from 0, one a sample, and the data have ${outputs} targets a sample`,
    );
  const classes = dataset.classes ?? y.reduce((most, target) => Math.max(most, target), 0) + 1;
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
  if (dataset.classes === undefined && classes > Math.max(2, samples))
    throw refuse(
      `target ${y.indexOf(classes - 1)} is class ${classes - 1}, of ${samples} samples: classes are numbered from 0`,
    );
  const encoded = (targets: Float64Array) => {
    const all = new Float64Array(classes * targets.length);
    targets.forEach((target, j) => (all[j * classes + target] = 1));
    return all;
  };
  const { classes: _, ...rest } = dataset;
  return { ...rest, outputs: classes, y: encoded(y), testY: encoded(testY) };
}

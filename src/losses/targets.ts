import type { Dataset } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";
import type { LossSpecification } from "../document/types.ts";
import { lossOf } from "./registry.ts";

/**
 * Checks that a loss takes the data's targets.
 *
 * @throws DocumentError naming the first that it does not take
 */
export function checkTargets(loss: LossSpecification, { y, testY }: Pick<Dataset, "y" | "testY">): void {
  const { kind, targets: taken } = lossOf(loss);
  if (!taken) return;
  for (const [name, targets] of [
    ["target", y],
    ["test target", testY],
  ] as const) {
    const wrong = targets.findIndex((target) => !taken.allows(target));
    if (wrong >= 0)
      throw new DocumentError(
        "loss.kind",
        `is "${kind}"; its targets are ${taken.allowed}, and ${name} ${wrong} is ${targets[wrong]}`,
      );
  }
}

import type { Dataset } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { RunSpecification } from "../document/types.ts";
import { arrayKinds } from "./arrays.ts";
import { type Need, quantityNeeds } from "./catalogue.ts";

/**
 * Checks what data of several outputs can be measured on: only files tell how many they have.
 *
 * @throws DocumentError naming the quantity or the array, and what to do
 */
export function checkOutputs(
  { record, train }: Pick<RunSpecification, "record" | "train">,
  { outputs }: Dataset,
): void {
  if (outputs === 1) return;
  if (train.method === "gradient-descent" && train.labelNoise)
    throw new DocumentError(
      "train.labelNoise",
      `is ${train.labelNoise}; it is that of one target a sample, and the data have ${outputs}: leave it out`,
    );
  const problem = (need: Need): string | undefined => {
    if (need === "oneOutput")
      return `it is that of one output, and the data have ${outputs} targets a sample: leave it out`;
    return need === "labelKernel" && record.kernelOutputs === "trace"
      ? `of ${outputs} outputs it needs the kernel of every pair: set record.kernelOutputs to "full"`
      : undefined;
  };
  const check = (list: "quantities" | "arrays", name: string, place: number, needs: readonly Need[]) => {
    for (const need of needs) {
      const found = problem(need);
      if (found !== undefined)
        throw new DocumentError(`record.${list}[${place}]`, `is ${shown(name)}; ${found}`);
    }
  };
  record.quantities.forEach((name, place) => check("quantities", name, place, quantityNeeds(name)));
  record.arrays.forEach((name, place) => check("arrays", name, place, arrayKinds[name].needs));
}

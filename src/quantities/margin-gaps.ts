import type { Dataset } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";
import { InfeasibleError, maximumL1Margin, maximumL2Margin } from "../theory/index.ts";
import { minimalProduct } from "./agreement.ts";
import type { Measure, Measured } from "./measured.ts";
import { predictorMeasures } from "./predictor.ts";

const known = { l1: new WeakMap<Dataset, number>(), l2: new WeakMap<Dataset, number>() };

/** @throws DocumentError where labels are no signs, or no linear predictor has them all */
export function checkSeparable(dataset: Dataset): void {
  if (known.l2.has(dataset)) return;
  const refuse = (problem: string) =>
    new DocumentError("record.quantities", `compares with the largest margin, but ${problem}: leave it out`);
  const wrong = dataset.y.find((label) => Math.abs(label) !== 1);
  if (wrong !== undefined) throw refuse(`labels are -1 and +1 then, and one is ${wrong}`);
  try {
    known.l2.set(dataset, maximumL2Margin(dataset).margin);
  } catch (error) {
    throw error instanceof InfeasibleError ? refuse(error.message) : error;
  }
}

/** 1 - margin / largest margin, both over a norm of beta: 0 where its direction is the best in that norm. */
const gap =
  (norm: "l1" | "l2"): Measure =>
  async (measured: Measured) => {
    for (const dataset of measured.context.data.datasets) {
      checkSeparable(dataset);
      if (norm === "l1" && !known.l1.has(dataset))
        known.l1.set(dataset, (await maximumL1Margin(dataset)).margin);
    }
    const least = minimalProduct(measured);
    const size = predictorMeasures[`predictor_${norm}`](measured);
    return (record) => 1 - least(record)! / size(record) / known[norm].get(record.member.dataset)!;
  };

/** How far the direction of beta is from those of the largest margins (Moroshko et al. 2020). */
export const marginMeasures = { l1_margin_gap: gap("l1"), l2_margin_gap: gap("l2") };

/** Where float32 leaves nothing of a quantity: below that, curves are rounding noise. */

import type { Results } from "../../src/results/types.ts";
import { documentValue } from "./runs.ts";

/**
 * Quantities that are made of residuals f - y or f - f̄, and with which power. A residual is what is left when sums of the
 * size of y cancel, so that its error is relative to its largest value so far, not to its own.
 */
const residualPowers: Record<string, number> = {
  loss: 2,
  linear_loss: 2,
  test_loss: 2,
  function_distance: 1,
};

/** Of a residual's largest value: sixteen roundings of float32, as sums of some hundred terms have on average. */
export const residualFloor = 2 ** -20;

/** Whether a quantity has a floor. Of losses only the squared one: the logistic one sums small terms, and cancels nothing. */
export const hasFloor = (results: Results, quantity: string): boolean =>
  quantity in residualPowers &&
  (quantity === "function_distance" || (documentValue(results, "loss", "kind") ?? "squared") === "squared");

/** The floor below a value of the quantity that is the largest so far; 0 where the quantity has none. */
export const floorBelow = (results: Results, quantity: string, largest: number): number =>
  hasFloor(results, quantity) ? largest * residualFloor ** residualPowers[quantity] : 0;

/** What figures over trials measure of a run. */

import { catalogue, type QuantityName } from "../../src/quantities/catalogue.ts";
import type { AxisType } from "./extent.ts";
import type { Measure } from "./trials-figure.ts";

/** A recorded quantity as it is. */
export const quantityMeasure = (name: QuantityName, axis: AxisType): Measure => ({
  name,
  symbol: catalogue[name].symbol,
  needs: [name],
  of: (values) => values[name],
  axis,
});

/** Share of test samples that are wrong. */
export const testErrors: Measure = {
  name: "test_error",
  symbol: "share of test samples that are wrong",
  needs: ["test_accuracy"],
  of: ({ test_accuracy }) => 1 - test_accuracy,
  axis: "linear",
};

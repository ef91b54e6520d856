import * as v from "valibot";
import { field } from "../../document/field.ts";
import type { DenseLayer } from "../../document/types.ts";
import { type LayerKind, sizeOf } from "../layer.ts";
import { mostUnits } from "../limits.ts";
import { denseReference } from "./dense.reference.ts";

/** A dense layer; an image below is flattened as [channel, row, column]. */
export const denseKind: LayerKind<DenseLayer> = {
  name: "dense",
  hasWeights: true,
  isLinear: true,
  schema: v.strictObject({
    dense: field(
      "Units of a dense layer.",
      `dense is a whole number from 1 to ${mostUnits}`,
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostUnits)),
    ),
  }),
  shape: ({ dense }, below) => ({
    above: { channels: dense, height: 1, width: 1 },
    rectified: true,
    fan_in: sizeOf(below),
    fan_out: dense,
    window: 1,
    stride: 1,
    padding: 0,
  }),
  kernels: async () => (await import("./dense.ts")).dense.kernels,
  reference: denseReference,
};

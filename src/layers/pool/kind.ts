import * as v from "valibot";
import { field } from "../../document/field.ts";
import type { PoolLayer } from "../../document/types.ts";
import type { LayerKind } from "../layer.ts";
import { largestWindow } from "../limits.ts";
import { averagePoolReference, maxPoolReference } from "./pool.reference.ts";

/** What tells the kinds of pooling apart: each has a reference of its own. */
const poolKind = (max: boolean): LayerKind<PoolLayer> => ({
  name: "pool",
  hasWeights: false,
  isLinear: !max,
  schema: v.strictObject({
    pool: field(
      "Keep the largest number of each window, or the mean.",
      'pool is "max" or "average"',
      v.picklist(["max", "average"]),
    ),
    size: field(
      "Height and width of the windows, beside each other; or all of the image.",
      `size is a whole number from 1 to ${largestWindow}, or "all"`,
      v.union([v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(largestWindow)), v.literal("all")]),
    ),
  }),
  shape({ size }, { channels, height, width }) {
    if (size === "all" && height !== width)
      throw new RangeError(`an image of ${height} x ${width} is not square, so no window is all of it`);
    const window = size === "all" ? height : size;
    const above = { channels, height: Math.floor(height / window), width: Math.floor(width / window) };
    if (above.height < 1 || above.width < 1)
      throw new RangeError(
        `its window of ${window} x ${window} does not fit an image of ${height} x ${width}`,
      );
    return {
      above,
      rectified: false,
      fan_in: 0,
      fan_out: 0,
      window,
      stride: window,
      padding: 0,
      overrides: { MAX: max, FOUR: window === 2 && height % 2 === 0 && width % 2 === 0 },
    };
  },
  kernels: async () => (await import("./pool.ts")).pool,
  reference: max ? maxPoolReference : averagePoolReference,
});

export const maxPoolKind = poolKind(true);
export const averagePoolKind = poolKind(false);

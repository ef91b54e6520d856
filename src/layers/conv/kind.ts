import * as v from "valibot";
import { field } from "../../document/field.ts";
import type { ConvLayer } from "../../document/types.ts";
import type { LayerKind } from "../layer.ts";
import { largestWindow, mostUnits } from "../limits.ts";
import { convReference } from "./conv.reference.ts";

/** Whole numbers that its shaders divide as floats (conv.wgsl) are below this. */
const LARGEST = 2 ** 22;

const whole = (name: string, least: number, most: number) => {
  const message = `${name} is a whole number from ${least} to ${most}`;
  return [message, v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))] as const;
};

/** A convolution of images with zeros around them. */
export const convKind: LayerKind<ConvLayer> = {
  name: "conv",
  hasWeights: true,
  isLinear: true,
  schema: v.strictObject({
    conv: field("Channels of a convolution.", ...whole("conv", 1, mostUnits)),
    size: field("Height and width of its window.", ...whole("size", 1, largestWindow)),
    stride: v.optional(field("Pixels that the window moves on by.", ...whole("stride", 1, largestWindow)), 1),
    padding: v.optional(field("Zeros around the image.", ...whole("padding", 0, largestWindow)), 0),
  }),
  shape({ conv, size, stride, padding }, { channels, height, width }) {
    if (padding >= size) throw new RangeError(`its padding of ${padding} is not below its size of ${size}`);
    const positions = (side: number) => Math.floor((side + 2 * padding - size) / stride) + 1;
    const above = { channels: conv, height: positions(height), width: positions(width) };
    if (above.height < 1 || above.width < 1)
      throw new RangeError(
        `its window of ${size} x ${size} does not fit an image of ${height} x ${width}` +
          (padding ? ` with ${padding} zeros around it` : ""),
      );
    if (
      Math.max(channels * size * size, conv * size * size, height * width, above.height * above.width) >=
      LARGEST
    )
      throw new RangeError(`its windows or images have more than ${LARGEST} numbers of a channel`);
    return {
      above,
      rectified: true,
      fan_in: channels * size * size,
      fan_out: conv,
      window: size,
      stride,
      padding,
      overrides: { STRIDED: stride > 1 },
    };
  },
  kernels: async () => (await import("./conv.ts")).conv.kernels,
  reference: convReference,
};

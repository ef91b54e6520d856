import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import {
  count,
  generatedShape,
  generatedTestSet,
  maxEntries,
  noise,
  samples,
  seed,
  testSamples,
} from "./generated.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { SIDE } from "./pattern-side.ts";

/**
 * Images whose class is a pattern of 3 x 3 signs, at a random place in noise: what a convolution can tell, wherever it lies, and a dense
 * layer must learn anew for every place. Targets of two classes are +1 and -1, of more their numbers from 0.
 *
 * Patterns are the first of a random order of all, drawn from the seed: bit k of one is set where entry k, row-major, is -1. Sample i takes
 * draw i of its set's label stream for the class, draws 2 i and 2 i + 1 of its place stream, and the draws i n .. i n + n - 1 of its
 * noise stream; a larger `samples` keeps the earlier samples.
 */
export const patterns = defineData({
  kind: "patterns",
  schema: v.strictObject({
    kind: kindField("patterns", "Generated images: a class's 3 x 3 signs at a random place in noise."),
    samples,
    size: v.optional(count(SIDE, "Height and width of the images."), 12),
    classes: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(256), v.description("Classes.")),
      2,
    ),
    noise: noise("Standard deviation of the noise on every pixel."),
    standardize,
    constant,
    seed,
    testSamples,
  }),

  shape: (specification) => {
    const { size, classes } = specification;
    if (size > Math.sqrt(maxEntries))
      throw new DocumentError("data.size", `is ${size}; images of at most 2^27 pixels are made`);
    const shape = generatedShape({ ...specification, dimension: size * size });
    // How many outputs numbered classes take, the loss tells.
    return classes > 2 ? undefined : { ...shape, image: { channels: 1, height: size, width: size } };
  },

  lacksTestSet: (specification) => generatedTestSet({ ...specification, dimension: 1 }),

  generator: async () => (await import("./patterns.dataset.ts")).generate,
});

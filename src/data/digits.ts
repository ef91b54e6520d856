import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { count, seed } from "./generated.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { checkClasses, classes } from "./classes.ts";
const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * 1797 handwritten digits of 8 x 8 pixels, which come with the program: the test set of E. Alpaydin and C. Kaynak, Optical Recognition of
 * Handwritten Digits, UCI Machine Learning Repository (1998), https://doi.org/10.24432/C50P49, CC BY 4.0.
 *
 * Pixels have one scale, and images an order drawn from `seed`, as those of `idx`; the test set are those that come after the training
 * set's.
 */
export const digits = defineData({
  kind: "digits",
  schema: v.strictObject({
    kind: kindField("digits", "1797 handwritten digits of 8 x 8 pixels, which come with the program."),
    classes: v.optional(classes, TEN),
    samples: count(1, "Training images of the classes, drawn from the seed."),
    testSamples: v.exactOptional(count(0, "Test images, of those that are left; all by default.")),
    standardize,
    constant,
    seed,
  }),

  shape: ({ classes }) => {
    checkClasses(classes, 9);
    return undefined;
  },

  lacksTestSet: ({ testSamples }) => (testSamples === 0 ? "set data.testSamples" : undefined),

  brought: async () => (await import("./digits-images.ts")).digitsImages(),

  generator: async () => (await import("./digits.dataset.ts")).generate,
});

import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import { digitsFile } from "./digits-file.ts";
import { count, seed } from "./generated.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData } from "./kind.ts";
import {
  checkClasses,
  classes,
  drawImages,
  howMany,
  labelledImages,
  numberedClasses,
  targetsOf,
  unitMeanSquare,
} from "./labelled-images.ts";

const IMAGES = 1797;
const SIDE = 8;
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

  generate: ({ classes, samples, testSamples, seed }, files) => {
    const bytes = files.get(digitsFile)!;
    const images = labelledImages(
      { channels: 1, height: SIDE, width: SIDE },
      bytes.subarray(0, IMAGES * SIDE * SIDE),
      bytes.subarray(IMAGES * SIDE * SIDE),
      targetsOf(classes),
    );
    howMany(samples, "samples", images, "the digits");
    const left = images.chosen - samples;
    const tested = testSamples ?? left;
    if (tested > left)
      throw new DocumentError(
        "data.testSamples",
        `is ${tested}; beside ${samples} training images the classes have ${left}`,
      );
    const scale = unitMeanSquare(images, "the digits");
    const { inputs, image } = images;
    const test = drawImages(images, tested, seed, "order", scale, samples);
    return {
      samples,
      inputs,
      image,
      outputs: 1,
      ...numberedClasses(classes),
      ...drawImages(images, samples, seed, "order", scale),
      testSamples: tested,
      testX: test.X,
      testY: test.y,
    };
  },
});

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import { count, seed } from "./generated.ts";
import { defineData } from "./kind.ts";
import { checkClasses, classes } from "./classes.ts";
import { constant, standardize } from "./inputs.ts";

const path = (description: string) =>
  field(description, "a file is named by a string", v.pipe(v.string(), v.nonEmpty()));

/** What each file needs beside it. */
const companions = { testImages: "testLabels", testLabels: "testImages" } as const;

/**
 * Classes of the user's own images, in IDX files such as MNIST's: targets +1 and -1 of two, of more their numbers from 0, inputs
 * the pixels.
 *
 * Pixels are divided by one number, so that the mean square over all training images of the classes is 1: |x|^2 is n on
 * average, as in the generated kinds. It depends neither on `samples` nor on the test set, which is divided by it too;
 * black stays 0.
 *
 * Images come in an order drawn from `seed`, and `samples` takes the first so many of the classes, without replacement: a
 * larger one keeps the earlier images.
 */
export const idx = defineData({
  kind: "idx",
  schema: v.strictObject({
    kind: kindField("idx", "Classes of your own images in IDX files, such as MNIST's."),
    images: path("Training images: an IDX file of bytes, [images, rows, columns], gzipped or not."),
    labels: path("Training labels: an IDX file of bytes, [labels], gzipped or not."),
    testImages: v.exactOptional(path("Test images: an IDX file.")),
    testLabels: v.exactOptional(path("Test labels: an IDX file.")),
    classes,
    samples: v.exactOptional(
      count(1, "Training images of the classes, drawn from the seed; all by default."),
    ),
    testSamples: v.exactOptional(
      count(1, "Test images of the classes, drawn from the seed; all by default."),
    ),
    standardize,
    constant,
    seed,
  }),

  shape: (specification) => {
    for (const role of ["testImages", "testLabels"] as const) {
      if (specification[role] !== undefined && specification[companions[role]] === undefined) {
        throw new DocumentError(
          `data.${role}`,
          `is ${shown(specification[role])}; it needs "${companions[role]}" beside it`,
        );
      }
    }
    if (specification.testSamples !== undefined && specification.testImages === undefined) {
      throw new DocumentError(
        "data.testSamples",
        `is ${specification.testSamples}; it needs "testImages" and "testLabels" beside it`,
      );
    }
    checkClasses(specification.classes);
    return undefined;
  },

  lacksTestSet: ({ testImages }) =>
    testImages === undefined ? "name one in data.testImages and data.testLabels" : undefined,

  files: ({ images, labels, testImages, testLabels }) =>
    [images, labels, testImages, testLabels].filter((name) => name !== undefined),

  generator: async () => (await import("./idx.dataset.ts")).generate,
});

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { count, seed } from "./generated.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { checkClasses, classes } from "./classes.ts";
const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const paths = (description: string) =>
  field(
    description,
    "batches are a list of files, each named by a string",
    v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.nonEmpty(), v.maxLength(1000)),
  );

/**
 * The user's own CIFAR-10 (Krizhevsky 2009), in the binary version: images of a byte for the label, then 3 x 32 x 32 for red, green and blue,
 * one after the other. Pixels have one scale, and images an order drawn from `seed`, as those of `idx`.
 */
export const cifar10 = defineData({
  kind: "cifar10",
  schema: v.strictObject({
    kind: kindField("cifar10", "Your own CIFAR-10, in its binary version."),
    batches: paths("Training images: data_batch_1.bin, ..., gzipped or not."),
    testBatches: v.exactOptional(paths("Test images: test_batch.bin.")),
    classes: v.optional(classes, TEN),
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

  shape: ({ classes, testBatches, testSamples }) => {
    checkClasses(classes, 9);
    if (testSamples !== undefined && testBatches === undefined)
      throw new DocumentError("data.testSamples", `is ${testSamples}; it needs "testBatches" beside it`);
    return undefined;
  },

  lacksTestSet: ({ testBatches }) => (testBatches ? undefined : "name one in data.testBatches"),

  files: ({ batches, testBatches = [] }) => [...batches, ...testBatches],

  generator: async () => (await import("./cifar10.dataset.ts")).generate,
});

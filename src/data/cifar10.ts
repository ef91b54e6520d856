import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import { count, seed } from "./generated.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData, type Files } from "./kind.ts";
import {
  type LabelledImages,
  checkClasses,
  checkPresent,
  classes,
  drawImages,
  howMany,
  labelledImages,
  numberedClasses,
  targetsOf,
  unitMeanSquare,
} from "./labelled-images.ts";

const image = { channels: 3, height: 32, width: 32 };
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;
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

  generate: ({ batches, testBatches, classes, seed, ...wanted }, files) => {
    const targets = targetsOf(classes);
    const train = readBatches("batches", batches, targets, files);
    const scale = unitMeanSquare(train, batches[0]);
    const samples = howMany(wanted.samples, "samples", train, batches.join(" and "));
    const common = {
      samples,
      inputs: PIXELS,
      image,
      outputs: 1,
      ...numberedClasses(classes),
      ...drawImages(train, samples, seed, "order", scale),
    };
    if (!testBatches)
      return { ...common, testSamples: 0, testX: new Float64Array(), testY: new Float64Array() };
    const test = readBatches("testBatches", testBatches, targets, files);
    const testSamples = howMany(wanted.testSamples, "testSamples", test, testBatches.join(" and "));
    const drawn = drawImages(test, testSamples, seed, "testOrder", scale);
    return { ...common, testSamples, testX: drawn.X, testY: drawn.y };
  },
});

/** @throws DocumentError naming the file that is wrong */
function readBatches(
  role: string,
  names: readonly string[],
  targets: Float64Array,
  files: Files,
): LabelledImages {
  const batches = names.map((name, place) => {
    const bytes = files.get(name);
    if (!bytes)
      throw new DocumentError(`data.${role}[${place}]`, `is ${shown(name)}; no such file was given`);
    const over = bytes.length % RECORD;
    if (bytes.length === 0 || over > 0)
      throw new DocumentError(
        name,
        `has ${bytes.length} bytes; a batch of CIFAR-10 has ${RECORD} an image, ` +
          (bytes.length < RECORD ? "one or more" : `so its last image is cut short by ${RECORD - over}`),
      );
    for (let at = 0; at < bytes.length; at += RECORD)
      if (bytes[at] > 9)
        throw new DocumentError(
          name,
          `holds label ${bytes[at]} of image ${at / RECORD}; those of CIFAR-10 are 0 to 9`,
        );
    return bytes;
  });
  const count = batches.reduce((sum, { length }) => sum + length / RECORD, 0);
  const [pixels, labels] = [new Uint8Array(count * PIXELS), new Uint8Array(count)];
  let at = 0;
  for (const bytes of batches)
    for (let from = 0; from < bytes.length; from += RECORD, at++) {
      labels[at] = bytes[from];
      pixels.set(bytes.subarray(from + 1, from + RECORD), at * PIXELS);
    }
  checkPresent(labels, targets, names.join(" and "));
  return labelledImages(image, pixels, labels, targets);
}

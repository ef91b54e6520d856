import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import type { Extent, IdxData } from "../document/types.ts";
import { count, maxEntries, seed } from "./generated.ts";
import { readIdx } from "./idx-file.ts";
import { defineData, type Files } from "./kind.ts";
import { type Purpose, randomOrder, stream } from "./stream.ts";

const path = (description: string) =>
  field(description, "a file is named by a string", v.pipe(v.string(), v.nonEmpty()));

const label = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));

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
    kind: v.literal("idx"),
    images: path("Training images: an IDX file of bytes, [images, rows, columns], gzipped or not."),
    labels: path("Training labels: an IDX file of bytes, [labels], gzipped or not."),
    testImages: v.exactOptional(path("Test images: an IDX file.")),
    testLabels: v.exactOptional(path("Test labels: an IDX file.")),
    classes: field(
      "The labels that become +1, and those that become -1: [3, 8], or [[0, 2, 4], [1, 3]]; or three classes and more, which are numbered from 0.",
      "classes are two labels or more, or lists of labels (whole numbers from 0 to 255): of two the first become +1, the others -1; more are numbered from 0",
      v.pipe(
        v.array(v.union([label, v.pipe(v.array(label), v.nonEmpty(), v.maxLength(256))])),
        v.minLength(2),
        v.maxLength(256),
      ),
    ),
    samples: v.exactOptional(
      count(1, "Training images of the classes, drawn from the seed; all by default."),
    ),
    testSamples: v.exactOptional(
      count(1, "Test images of the classes, drawn from the seed; all by default."),
    ),
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
    const lists = classLists(specification);
    lists.forEach((list, place) => {
      const both = list.find((each) => lists.some((other, k) => k > place && other.includes(each)));
      if (both !== undefined)
        throw new DocumentError(
          "data.classes",
          `is ${shown(specification.classes)}; label ${both} cannot be ` +
            (lists.length === 2 ? "both +1 and -1" : "in two classes"),
        );
    });
    return undefined;
  },

  lacksTestSet: ({ testImages }) =>
    testImages === undefined ? "name one in data.testImages and data.testLabels" : undefined,

  files: ({ images, labels, testImages, testLabels }) =>
    [images, labels, testImages, testLabels].filter((name) => name !== undefined),

  generate: (specification, files) => {
    const { images, labels, testImages, testLabels, seed } = specification;
    const targets = targetsOf(specification);
    const open = (role: Role): Opened => openFile(specification, role, files);

    const train = readLabelled(open("images"), open("labels"), targets);
    const scale = unitMeanSquare(train, images);
    const samples = howMany(specification, "samples", train, labels);
    const { X, y } = draw(train, samples, seed, "order", scale);
    const { inputs, image } = train;
    if (testImages === undefined) {
      const none = new Float64Array();
      return { samples, inputs, image, outputs: 1, X, y, testSamples: 0, testX: none, testY: none };
    }

    const test = readLabelled(open("testImages"), open("testLabels"), targets);
    if (test.size !== train.size) {
      throw new DocumentError(
        testImages,
        `has images of ${test.size} pixels; those of ${images} have ${train.size}`,
      );
    }
    const testSamples = howMany(specification, "testSamples", test, testLabels!);
    const drawn = draw(test, testSamples, seed, "testOrder", scale);
    return { samples, inputs, image, outputs: 1, X, y, testSamples, testX: drawn.X, testY: drawn.y };
  },
});

type Role = "images" | "labels" | "testImages" | "testLabels";
type Opened = [bytes: Uint8Array, name: string];

function openFile(specification: IdxData, role: Role, files: Files): Opened {
  const name = specification[role]!;
  const bytes = files.get(name);
  if (!bytes) throw new DocumentError(`data.${role}`, `is ${shown(name)}; no such file was given`);
  return [bytes, name];
}

const classLists = ({ classes }: IdxData): number[][] =>
  classes.map((side) => (typeof side === "number" ? [side] : side));

/** The target of every label, NaN for a label of no class; [256]. */
function targetsOf(specification: IdxData): Float64Array {
  const targets = new Float64Array(256).fill(NaN);
  const lists = classLists(specification);
  lists.forEach((list, number) => {
    for (const each of list) targets[each] = lists.length > 2 ? number : 1 - 2 * number;
  });
  return targets;
}

interface LabelledImages {
  /** Pixels of an image. */
  inputs: number;
  image: Extent;
  /** `28 x 28`, for messages. */
  size: string;
  /** [images, inputs]. */
  pixels: Uint8Array;
  /** NaN for images of no class; [images]. */
  targets: Float64Array;
  /** Images of the classes. */
  chosen: number;
}

/** @throws DocumentError naming the file that is wrong, or that has no image of one of the classes' labels */
function readLabelled(
  [imageBytes, imageFile]: Opened,
  [labelBytes, labelFile]: Opened,
  targetOf: Float64Array,
): LabelledImages {
  const images = readIdx(imageBytes, ["images", "rows", "columns"], imageFile);
  const { elements: labels } = readIdx(labelBytes, ["labels"], labelFile);
  const [count, rows, columns] = images.shape;
  if (labels.length !== count) {
    throw new DocumentError(labelFile, `holds ${labels.length} labels; ${imageFile} has ${count} images`);
  }
  const present = new Set(labels);
  const absent = targetOf.findIndex((target, label) => !Number.isNaN(target) && !present.has(label));
  if (absent >= 0) {
    const held = Array.from(present).sort((a, b) => a - b);
    throw new DocumentError(
      labelFile,
      `holds no label ${absent}, which data.classes names; it holds ${shown(held)}`,
    );
  }
  const targets = Float64Array.from(labels, (label) => targetOf[label]);
  const chosen = targets.filter((target) => !Number.isNaN(target)).length;
  const image = { channels: 1, height: rows, width: columns };
  return {
    inputs: rows * columns,
    image,
    size: `${rows} x ${columns}`,
    pixels: images.elements,
    targets,
    chosen,
  };
}

/** What pixels of the classes' images are multiplied by for a mean square of 1. Sums of whole numbers: exact in any order. */
function unitMeanSquare({ inputs, pixels, targets, chosen }: LabelledImages, file: string): number {
  let sum = 0;
  targets.forEach((target, image) => {
    if (Number.isNaN(target)) return;
    for (let k = image * inputs; k < (image + 1) * inputs; k++) sum += pixels[k] * pixels[k];
  });
  if (sum === 0) throw new DocumentError(file, "has only black images of the classes: every pixel is 0");
  return Math.sqrt((chosen * inputs) / sum);
}

/** @throws DocumentError when there are fewer images of the classes, or the inputs would be too large to allocate */
function howMany(
  specification: IdxData,
  role: "samples" | "testSamples",
  { inputs, chosen }: LabelledImages,
  labelFile: string,
): number {
  const wanted = specification[role] ?? chosen;
  if (wanted > chosen) {
    throw new DocumentError(
      `data.${role}`,
      `is ${wanted}; ${labelFile} has ${chosen} images of data.classes`,
    );
  }
  if (wanted * inputs > maxEntries) {
    const most = Math.floor(maxEntries / inputs);
    const problem = specification[role] === undefined ? `is left out, which means ${wanted}` : `is ${wanted}`;
    throw new DocumentError(
      `data.${role}`,
      `${problem}; with ${inputs} pixels at most ${most} (2^27 entries)`,
    );
  }
  return wanted;
}

function draw(
  { inputs, pixels, targets }: LabelledImages,
  count: number,
  seed: number,
  purpose: Purpose,
  scale: number,
): { X: Float64Array; y: Float64Array } {
  const X = new Float64Array(count * inputs);
  const y = new Float64Array(count);
  let row = 0;
  for (const image of randomOrder(stream(seed, purpose), targets.length)) {
    if (row === count) break;
    if (Number.isNaN(targets[image])) continue;
    y[row] = targets[image];
    for (let k = 0; k < inputs; k++) X[row * inputs + k] = scale * pixels[image * inputs + k];
    row++;
  }
  return { X, y };
}

/** What data of labelled images share: targets of classes, one scale of pixels, and images drawn in a random order. */

import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { Extent } from "../document/types.ts";
import { type Classes, classLists } from "./classes.ts";
import { maxEntries } from "./generated.ts";
import { type Purpose, randomOrder, stream } from "./stream.ts";

/** How many classes targets number from 0; undefined of two, whose targets are signs. */
export const numberedClasses = (classes: Classes): { classes?: number } =>
  classes.length > 2 ? { classes: classes.length } : {};

/** The target of every label, NaN for a label of no class; [256]. */
export function targetsOf(classes: Classes): Float64Array {
  const targets = new Float64Array(256).fill(NaN);
  const lists = classLists(classes);
  lists.forEach((list, number) => {
    for (const each of list) targets[each] = lists.length > 2 ? number : 1 - 2 * number;
  });
  return targets;
}

/**
 * @throws DocumentError naming a label of the classes that none of a file's images has, and the first image whose label is beyond
 *   them: where all labels are meant, it is out of range
 */
export function checkPresent(labels: Uint8Array, targetOf: Float64Array, file: string): void {
  const present = new Set(labels);
  const absent = targetOf.findIndex((target, label) => !Number.isNaN(target) && !present.has(label));
  if (absent < 0) return;
  const held = Array.from(present).sort((a, b) => a - b);
  const most = targetOf.findLastIndex((target) => !Number.isNaN(target));
  const beyond = labels.findIndex((label) => label > most);
  throw new DocumentError(
    file,
    `holds no label ${absent}, which data.classes names; it holds ${shown(held)}` +
      (beyond < 0
        ? ""
        : `: label ${labels[beyond]} of image ${beyond} is above ${most}, the classes' largest`),
  );
}

export interface LabelledImages {
  /** Pixels of an image. */
  inputs: number;
  image: Extent;
  /** [images, inputs]. */
  pixels: Uint8Array;
  /** NaN for images of no class; [images]. */
  targets: Float64Array;
  /** Images of the classes. */
  chosen: number;
}

/**
 * Images with the targets of their labels.
 *
 * @param pixels [images, channels, height, width]
 * @param labels [images]
 */
export function labelledImages(
  image: Extent,
  pixels: Uint8Array,
  labels: Uint8Array,
  targetOf: Float64Array,
): LabelledImages {
  const targets = Float64Array.from(labels, (label) => targetOf[label]);
  const chosen = targets.filter((target) => !Number.isNaN(target)).length;
  return { inputs: image.channels * image.height * image.width, image, pixels, targets, chosen };
}

/** What pixels of the classes' images are multiplied by for a mean square of 1. Sums of whole numbers: exact in any order. */
export function unitMeanSquare({ inputs, pixels, targets, chosen }: LabelledImages, file: string): number {
  let sum = 0;
  targets.forEach((target, image) => {
    if (Number.isNaN(target)) return;
    for (let k = image * inputs; k < (image + 1) * inputs; k++) sum += pixels[k] * pixels[k];
  });
  if (sum === 0) throw new DocumentError(file, "has only black images of the classes: every pixel is 0");
  return Math.sqrt((chosen * inputs) / sum);
}

/**
 * How many images to take.
 *
 * @param wanted what the document says; all where it says nothing
 * @param file that has the labels, for messages
 * @throws DocumentError when there are fewer images of the classes, or the inputs would be too large to allocate
 */
export function howMany(
  wanted: number | undefined,
  role: "samples" | "testSamples",
  { inputs, chosen }: Pick<LabelledImages, "inputs" | "chosen">,
  file: string,
): number {
  const count = wanted ?? chosen;
  if (count > chosen) {
    throw new DocumentError(`data.${role}`, `is ${count}; ${file} has ${chosen} images of data.classes`);
  }
  if (count * inputs > maxEntries) {
    const most = Math.floor(maxEntries / inputs);
    const problem = wanted === undefined ? `is left out, which means ${count}` : `is ${count}`;
    throw new DocumentError(
      `data.${role}`,
      `${problem}; with ${inputs} pixels at most ${most} (2^27 entries)`,
    );
  }
  return count;
}

/**
 * Images of the classes in a random order, from place `first` of it on, without replacement: a larger `count` keeps the earlier.
 *
 * @param scale what pixels are multiplied by
 */
export function drawImages(
  { inputs, pixels, targets }: LabelledImages,
  count: number,
  seed: number,
  purpose: Purpose,
  scale: number,
  first = 0,
): { X: Float64Array; y: Float64Array } {
  const X = new Float64Array(count * inputs);
  const y = new Float64Array(count);
  const order = randomOrder(stream(seed, purpose), targets.length).filter(
    (image) => !Number.isNaN(targets[image]),
  );
  order.subarray(first, first + count).forEach((image, row) => {
    y[row] = targets[image];
    for (let k = 0; k < inputs; k++) X[row * inputs + k] = scale * pixels[image * inputs + k];
  });
  return { X, y };
}

import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { Cifar10Data } from "../document/types.ts";
import type { Files, Generate } from "./kind.ts";
import {
  type LabelledImages,
  checkPresent,
  drawImages,
  howMany,
  labelledImages,
  targetsOf,
  unitMeanSquare,
  numberedClasses,
} from "./labelled-images.ts";

/** Makes the data that src/data/cifar10.ts tells of. */
export const generate: Generate<Cifar10Data> = (
  { batches, testBatches, classes, seed, ...wanted },
  files,
) => {
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
};

const image = { channels: 3, height: 32, width: 32 };
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

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

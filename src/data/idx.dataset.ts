import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { IdxData } from "../document/types.ts";
import { readIdx } from "./idx-file.ts";
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

/** Makes the data that src/data/idx.ts tells of. */
export const generate: Generate<IdxData> = (specification, files) => {
  const { images, labels, testImages, testLabels, seed } = specification;
  const targets = targetsOf(specification.classes);
  const open = (role: Role): Opened => openFile(specification, role, files);

  const train = readLabelled(open("images"), open("labels"), targets);
  const scale = unitMeanSquare(train, images);
  const samples = howMany(specification.samples, "samples", train, labels);
  const { X, y } = drawImages(train, samples, seed, "order", scale);
  const { inputs, image } = train;
  const common = { samples, inputs, image, outputs: 1, X, y, ...numberedClasses(specification.classes) };
  if (testImages === undefined) {
    const none = new Float64Array();
    return { ...common, testSamples: 0, testX: none, testY: none };
  }

  const test = readLabelled(open("testImages"), open("testLabels"), targets);
  if (sizeOf(test) !== sizeOf(train)) {
    throw new DocumentError(
      testImages,
      `has images of ${sizeOf(test)} pixels; those of ${images} have ${sizeOf(train)}`,
    );
  }
  const testSamples = howMany(specification.testSamples, "testSamples", test, testLabels!);
  const drawn = drawImages(test, testSamples, seed, "testOrder", scale);
  return { ...common, testSamples, testX: drawn.X, testY: drawn.y };
};

type Role = "images" | "labels" | "testImages" | "testLabels";
type Opened = [bytes: Uint8Array, name: string];

function openFile(specification: IdxData, role: Role, files: Files): Opened {
  const name = specification[role]!;
  const bytes = files.get(name);
  if (!bytes) throw new DocumentError(`data.${role}`, `is ${shown(name)}; no such file was given`);
  return [bytes, name];
}

const sizeOf = ({ image }: LabelledImages) => `${image.height} x ${image.width}`;

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
  checkPresent(labels, targetOf, labelFile);
  return labelledImages({ channels: 1, height: rows, width: columns }, images.elements, labels, targetOf);
}

import { DocumentError } from "../document/error.ts";
import type { DigitsData } from "../document/types.ts";
import { digitsFile } from "./digits-file.ts";
import type { Generate } from "./kind.ts";
import {
  drawImages,
  howMany,
  labelledImages,
  targetsOf,
  unitMeanSquare,
  numberedClasses,
} from "./labelled-images.ts";

/** Makes the data that src/data/digits.ts tells of. */
export const generate: Generate<DigitsData> = ({ classes, samples, testSamples, seed }, files) => {
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
};

const IMAGES = 1797;
const SIDE = 8;

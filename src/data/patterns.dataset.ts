import type { PatternsData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { SIDE } from "./pattern-side.ts";
import { fillNormal, fillUniform, type Purpose, randomOrder, stream } from "./stream.ts";

/** Makes the data that src/data/patterns.ts tells of. */
export const generate: Generate<PatternsData> = (specification) => {
  const { samples, testSamples, size, classes } = specification;
  const signs = randomOrder(stream(specification.seed, "patterns"), PATTERNS).subarray(0, classes);
  const train = drawSet(specification, signs, samples, ["labels", "places", "noise"]);
  const test = drawSet(specification, signs, testSamples, ["testLabels", "testPlaces", "testNoise"]);
  return {
    samples,
    inputs: size * size,
    image: { channels: 1, height: size, width: size },
    outputs: 1,
    ...(classes > 2 && { classes }),
    ...train,
    testSamples,
    testX: test.X,
    testY: test.y,
  };
};

/** Patterns that there are. */
const PATTERNS = 2 ** (SIDE * SIDE);

function drawSet(
  { seed, size, classes, noise }: PatternsData,
  signs: Uint32Array,
  rows: number,
  [labelPurpose, placePurpose, noisePurpose]: readonly [Purpose, Purpose, Purpose],
): { X: Float64Array; y: Float64Array } {
  const whole = (purpose: Purpose, draws: number, below: number) => {
    const values = new Float64Array(draws);
    fillUniform(stream(seed, purpose), values, 0, below);
    return values.map(Math.floor);
  };
  const labels = whole(labelPurpose, rows, classes);
  const places = whole(placePurpose, 2 * rows, size - SIDE + 1);
  const X = new Float64Array(rows * size * size);
  if (noise > 0) fillNormal(stream(seed, noisePurpose), X);
  for (let k = 0; k < X.length; k++) X[k] *= noise;
  labels.forEach((label, i) => {
    const [top, left] = [places[2 * i], places[2 * i + 1]];
    for (let k = 0; k < SIDE * SIDE; k++) {
      const pixel = i * size * size + (top + Math.floor(k / SIDE)) * size + left + (k % SIDE);
      X[pixel] += (signs[label] >>> k) & 1 ? -1 : 1;
    }
  });
  return { X, y: classes > 2 ? labels : labels.map((label) => 1 - 2 * label) };
}

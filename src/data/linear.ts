/**
 * What the linear kinds share: X ~ N(0, I), y = <beta*, x> + noise N(0, 1), and a test set of the same law.
 *
 * Sample i takes the draws i n .. i n + n - 1 of its set's input stream and draw i of its noise stream. So a larger
 * `samples` keeps the earlier samples, beta* and the noise depend on neither, and kinds with one seed share their X.
 */

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import type { LinearData } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";
import type { DataShape } from "./kind.ts";
import { seedSchema } from "./seed.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";

/** Most entries of X: 1 GiB of float64, an array that every browser allocates. */
const maxEntries = 2 ** 27;

/** Noise beyond this would overflow float32 in the targets (|N(0, 1)| <= 8.3 here). */
const maxNoise = 1e37;

const count = (least: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(maxEntries), v.description(description));

/** Schema entries of every linear kind. */
export const linearEntries = {
  samples: count(1, "Training samples N."),
  dimension: count(1, "Inputs n."),
  noise: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0),
      v.maxValue(maxNoise),
      v.description("Standard deviation of the noise on training and test targets."),
    ),
    0,
  ),
  seed: v.optional(seedSchema, 1),
  testSamples: v.optional(count(0, "Test samples."), 0),
};

/** @throws DocumentError when X or the test set's X would be too large to allocate */
export function linearShape({ samples, dimension, testSamples }: LinearData): DataShape {
  for (const [field, rows] of Object.entries({ samples, testSamples })) {
    if (rows * dimension > maxEntries) {
      throw new DocumentError(
        `data.${field}`,
        `is ${rows}; with ${dimension} inputs at most ${Math.floor(maxEntries / dimension)} (2^27 entries)`,
      );
    }
  }
  return { samples, inputs: dimension, testSamples };
}

/** @param betaStar the true predictor, [dimension] */
export function generateLinear(specification: LinearData, betaStar: Float64Array): Dataset {
  const { samples, dimension: inputs, testSamples } = specification;
  const { X, y } = drawSet(specification, betaStar, samples, "inputs", "noise");
  const test = drawSet(specification, betaStar, testSamples, "testInputs", "testNoise");
  return { samples, inputs, X, y, testSamples, testX: test.X, testY: test.y, betaStar };
}

function drawSet(
  { seed, noise }: LinearData,
  betaStar: Float64Array,
  rows: number,
  inputPurpose: Purpose,
  noisePurpose: Purpose,
): { X: Float64Array; y: Float64Array } {
  const inputs = betaStar.length;
  const X = new Float64Array(rows * inputs);
  fillNormal(stream(seed, inputPurpose), X);
  const y = new Float64Array(rows);
  fillNormal(stream(seed, noisePurpose), y);
  for (let i = 0; i < rows; i++) {
    let signal = 0;
    for (let j = 0; j < inputs; j++) signal += betaStar[j] * X[i * inputs + j];
    y[i] = signal + noise * y[i];
  }
  return { X, y };
}

/**
 * What data of the linear kinds are: X ~ N(0, I), y = <beta*, x> + noise N(0, 1), and a test set of the same law.
 *
 * Sample i takes the draws i n .. i n + n - 1 of its set's input stream and draw i of its noise stream. So a larger
 * `samples` keeps the earlier samples, beta* and the noise depend on neither, and kinds with one seed share their X.
 */

import type { LinearData } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";

/** @param betaStar the true predictor, [dimension] */
export function generateLinear(specification: LinearData, betaStar: Float64Array): Dataset {
  const { samples, dimension: inputs, testSamples } = specification;
  const { X, y } = drawSet(specification, betaStar, samples, "inputs", "noise");
  const test = drawSet(specification, betaStar, testSamples, "testInputs", "testNoise");
  return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y, betaStar };
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

import type { BallData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";

/** Makes the data that src/data/ball.ts tells of. */
export const generate: Generate<BallData> = (specification) => {
  const { samples, dimension: inputs, testSamples } = specification;
  const value = functionOf(specification);
  const draw = (rows: number, purpose: Purpose) => {
    const X = drawInputs(specification, rows, purpose);
    return {
      X,
      y: Float64Array.from({ length: rows }, (_, i) => value(X.subarray(i * inputs, (i + 1) * inputs))),
    };
  };
  const { X, y } = draw(samples, "inputs");
  const test = draw(testSamples, "testInputs");
  return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
};

function drawInputs({ seed, dimension }: BallData, rows: number, purpose: Purpose): Float64Array {
  const X = new Float64Array(rows * dimension);
  const point = new Float64Array(dimension + 2);
  for (let i = 0; i < rows; i++) {
    fillNormal(stream(seed, purpose), point, i * point.length);
    const length = norm(point);
    for (let k = 0; k < dimension; k++) X[i * dimension + k] = point[k] / length;
  }
  return X;
}

/** Sums run over inputs, and over waves, in index order. */
function functionOf({ seed, dimension, cosines, frequency = 0 }: BallData): (x: Float64Array) => number {
  if (cosines === undefined)
    return (x) => {
      let square = 0;
      for (const value of x) square += value * value;
      return Math.exp(-square / 2);
    };
  const waves = Array.from({ length: cosines }, (_, k) => {
    const drawn = new Float64Array(dimension + 2);
    fillNormal(stream(seed, "teacher"), drawn, k * drawn.length);
    const direction = drawn.subarray(0, dimension);
    const length = norm(direction);
    return {
      omega: direction.map((value) => (frequency * value) / length),
      phase: Math.atan2(drawn[dimension + 1], drawn[dimension]),
    };
  });
  return (x) => {
    let sum = 0;
    for (const { omega, phase } of waves) {
      let angle = phase;
      for (let k = 0; k < x.length; k++) angle += omega[k] * x[k];
      sum += Math.cos(angle);
    }
    return sum / cosines;
  };
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import type { BallData } from "../document/types.ts";
import {
  count,
  dimension,
  generatedShape,
  generatedTestSet,
  maxEntries,
  samples,
  seed,
  testSamples,
} from "./generated.ts";
import { constant } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";

/**
 * A smooth function of inputs that are uniform in the unit ball, whose Fourier transform is known (Barron 1993): exp(-|x|^2/2), or the
 * mean of `cosines` waves cos(omega . x + phase), every |omega| = `frequency`, directions and phases uniform.
 *
 * Sample i takes the draws i (n + 2) .. of its set's input stream: n of the n + 2 coordinates of a uniform point on a sphere are
 * uniform in the ball. Wave k takes the draws k (n + 2) .. of the teacher stream: n for its direction, 2 for its phase.
 */
export const ball = defineData({
  kind: "ball",
  inGeneralPosition: true,
  schema: v.strictObject({
    kind: kindField(
      "ball",
      "Inputs uniform in the unit ball, and a function whose Fourier transform is known (Barron 1993).",
    ),
    samples,
    dimension: dimension(),
    cosines: v.exactOptional(
      count(1, "Waves whose mean is learned; the Gaussian exp(-|x|^2/2) where it is left out."),
    ),
    frequency: v.exactOptional(
      v.pipe(v.number(), v.gtValue(0), v.maxValue(1e6), v.description("|omega| of every wave.")),
    ),
    constant,
    seed,
    testSamples,
  }),

  shape: (specification) => {
    const { cosines, frequency, dimension } = specification;
    if ((cosines === undefined) !== (frequency === undefined))
      throw new DocumentError(
        `data.${cosines === undefined ? "cosines" : "frequency"}`,
        "is missing; waves have data.cosines, how many, and data.frequency; the Gaussian has neither",
      );
    if (cosines !== undefined && cosines * (dimension + 2) > maxEntries)
      throw new DocumentError(
        "data.cosines",
        `is ${cosines}; with ${dimension} inputs at most ${Math.floor(maxEntries / (dimension + 2))}`,
      );
    return generatedShape(specification);
  },

  lacksTestSet: generatedTestSet,

  generate: (specification) => {
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
  },
});

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

import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { particlesOf } from "../../src/results/particle-networks.ts";

const particles = (width: number, alpha: number, model: object = {}, init: object = {}) =>
  particlesOf(
    readExperiment(
      {
        data: { kind: "teacher", samples: 4, dimension: 3, widths: [2] },
        model: { kind: "relu", widths: [width], ...model },
        init: { shape: { std: 1 }, alpha, ...init },
        train: { stepSize: 0.1, epochs: 1 },
        record: { arrays: [] },
      },
      "mine.json",
    ).runs[0],
  );

test("the scale of the start tells what the sum over particles is divided by", () => {
  expect(particles(16, 0.25)).toEqual({ count: 16, scaling: "m" });
  expect(particles(16, 0.5)).toEqual({ count: 16, scaling: "√m" });
  expect(particles(3, 0.57735)).toEqual({ count: 3, scaling: "m" });
});

test("other networks are no particles", () => {
  expect(particles(16, 0.3)).toBeUndefined();
  // Of a single one the scalings are the same.
  expect(particles(1, 1)).toBeUndefined();
  expect(particles(16, 0.25, { unbiased: true })).toBeUndefined();
  expect(particles(16, 0.25, { widths: [16, 16] })).toBeUndefined();
  expect(particles(16, 0.25, {}, { shape: { std: 2 } })).toBeUndefined();
  expect(particles(16, 0.25, {}, { shape: "he" })).toBeUndefined();
  expect(particles(16, 0.25, {}, { scaling: "output" })).toBeUndefined();
});

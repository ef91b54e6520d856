import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import type { BallData } from "../../src/document/types.ts";
import { barronFacts, rampsOf } from "../../src/results/barron-facts.ts";
import { gaussianBarronConstant } from "../../src/theory/index.ts";

const data: BallData = { kind: "ball", samples: 3, dimension: 5, seed: 1, testSamples: 2000 };

test("waves of one frequency have it as their constant; the test set tells what a constant errs by", () => {
  const waves = { ...data, cosines: 8, frequency: 4 };
  const facts = barronFacts(waves);
  expect(facts).toMatchObject({ constant: 4 });
  expect([4, 16].map(facts.bound)).toEqual([16, 4]);
  expect(facts.drawn).toBeUndefined();
  // Of a random phase and a large |omega . x| a wave's variance is about 1/2, of the mean of eight a sixteenth.
  expect(facts.errorOfConstant * 16).toBeGreaterThan(0.5);
  expect(facts.errorOfConstant * 16).toBeLessThan(2);
  const { testY } = loadDataset(waves, new Map());
  const centre = testY.reduce((sum, value) => sum + value, 0) / testY.length;
  const errors = [0, 0.01, -0.01].map((shift) =>
    testY.reduce((sum, value) => sum + (value - centre - shift) ** 2 / testY.length, 0),
  );
  expect(Math.min(...errors)).toBeCloseTo(facts.errorOfConstant, 12);
});

test("the Gaussian's facts are theory's, and drawn networks are drawn once", () => {
  const facts = barronFacts(data);
  expect(facts.constant).toBe(gaussianBarronConstant(5));
  const { drawn } = facts;
  expect(drawn!.expected(8)).toBe(drawn!.expected(1) / 8);
  const measured = drawn!.measured(8);
  expect(Math.abs(measured.mean - drawn!.expected(8))).toBeLessThan(3 * measured.error);
  expect(barronFacts(data).drawn!.measured(8)).toBe(measured);
});

test("two rectifiers make a ramp, and one is the constant", () => {
  const ramps = (model: object) =>
    rampsOf(
      readExperiment(
        {
          data: { kind: "ball", samples: 3, dimension: 2 },
          model: { kind: "relu", ...model },
          init: { shape: "he" },
          train: { stepSize: 0.1, epochs: 1 },
          record: { arrays: [] },
        },
        "mine.json",
      ).runs[0],
    );
  expect(ramps({ widths: [9] })).toBe(4);
  expect(ramps({ widths: [9], unbiased: true })).toBe(8);
  expect(ramps({ widths: [9, 9] })).toBeNaN();
});

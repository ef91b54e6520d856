import { expect, test } from "vitest";
import { arrayShape } from "../../src/quantities/array-axes.ts";

const shape = { samples: 3, testSamples: 2, inputs: 4 };

test("a run's arrays are as long as its samples, inputs and weights", () => {
  const of = (name: Parameters<typeof arrayShape>[0]) =>
    arrayShape(name, { kind: "diagonal", depth: 2 }, shape);
  expect(of("ntk")).toEqual([3, 3]);
  expect(of("test_ntk")).toEqual([2, 3]);
  expect(of("predictor")).toEqual([4]);
  expect(of("weights")).toEqual([8]);
  expect(arrayShape("weights", { kind: "relu", widths: [5], unbiased: true }, shape)).toEqual([50]);
});

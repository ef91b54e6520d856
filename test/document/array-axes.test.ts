import { expect, test } from "vitest";
import { arrayShape } from "../../src/quantities/array-axes.ts";

const shape = { samples: 3, testSamples: 2, inputs: 4, outputs: 1 };
const record = { kernelOutputs: "trace" } as const;

test("a run's arrays are as long as its samples, inputs and weights", () => {
  const of = (name: Parameters<typeof arrayShape>[0]) =>
    arrayShape(name, { model: { kind: "diagonal", depth: 2 }, record }, shape);
  expect(of("ntk")).toEqual([3, 3]);
  expect(of("test_ntk")).toEqual([2, 3]);
  expect(of("predictor")).toEqual([4]);
  expect(of("weights")).toEqual([8]);
});

test("those of several outputs hold every output's weights, and its kernels where they are full", () => {
  const model = { kind: "relu", widths: [5], unbiased: true } as const;
  const run = { model: { ...model, widths: [...model.widths] }, record };
  expect(arrayShape("weights", run, shape)).toEqual([50]);
  const several = { ...shape, outputs: 3 };
  expect(arrayShape("weights", run, several)).toEqual([70]);
  expect(arrayShape("ntk", run, several)).toEqual([3, 3]);
  expect(arrayShape("ntk", { ...run, record: { kernelOutputs: "full" } }, several)).toEqual([9, 9]);
});

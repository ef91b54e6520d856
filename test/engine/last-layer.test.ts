import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { trained, worstError } from "./experiment.ts";
import { expectTestKernel, reluRows } from "./relu.ts";

const patterns = { kind: "patterns", samples: 7, size: 5, noise: 0.5, seed: 2, testSamples: 4 };
const init = { shape: "he", seed: 3 };
const train = { stepSize: 0.05, epochs: 20, layers: "last" };
const layers = [
  { conv: 3, size: 3, padding: 1 },
  { pool: "max", size: 2 },
];

/** Weights of the last layer of each. */
const documents: [string, number, Record<string, Json>][] = [
  ["a convolution, a penalty", 12, { model: { kind: "relu", layers }, loss: { l2: 1e-2 }, train }],
  [
    "two dense layers, two copies, minibatches",
    5,
    { model: { kind: "relu", widths: [6, 5], unbiased: true }, train: { ...train, batchSize: 3 } },
  ],
  [
    "three classes, full kernels, a convolution above the other",
    6,
    {
      data: { ...patterns, classes: 3 },
      model: { kind: "relu", layers: [...layers, { conv: 2, size: 2 }] },
      loss: { kind: "cross-entropy" },
      record: { kernelOutputs: "full" },
      train,
    },
  ],
  [
    "one dense layer, output scaling",
    4,
    {
      model: { kind: "relu", widths: [4] },
      init: { ...init, scaling: "output", alpha: 3 },
      train: { ...train, stepSize: 0.005 },
    },
  ],
];

const compared = ["weight_distance", "weight_l2", "ntk_eigenvalue_1", "loss", "linear_loss", "test_loss"];
const none = ["ntk_drift", "ntk_misalignment"];

for (const [name, outputWeights, document] of documents)
  test(`random features train as in float64, are their own linearization, and kernels those of the last layer: ${name}`, async () => {
    const { experiment, rows, weights, testKernels } = await trained({
      data: patterns,
      init,
      ...document,
      record: {
        ...(document.record as object),
        every: 10,
        quantities: [...compared, ...none, "linear_distance", "function_distance", "activation_stability"],
        arrays: ["weights", "test_ntk"],
      },
    });
    const [run] = experiment.runs;
    const expected = reluRows(run, new Map());
    for (const each of compared)
      expect(worstError(rows[0], expected, each, each.endsWith("loss")), each).toBeLessThan(1e-4);
    const last = rows[0].at(-1)!;
    for (const each of none) expect(last[each], each).toBe(0);
    expect(last.activation_stability).toBe(1);
    // Nothing but rounding is between the two.
    expect(last.linear_distance / last.weight_distance).toBeLessThan(1e-5);
    expect(last.function_distance).toBeLessThan(1e-5);
    const [{ w0, dataset }] = await loadRuns([run], new Map());
    for (const kernel of testKernels[0])
      expectTestKernel(kernel, run, Float64Array.from(weights[0]), dataset);
    const moves = Array.from(weights[0], (value, k) => value !== Math.fround(w0[k % w0.length]));
    const frozen = w0.length - outputWeights;
    expect(moves.map((moved, k) => moved && k % w0.length < frozen)).not.toContain(true);
    expect(moves.filter(Boolean).length).toBeGreaterThan(0);
  });

test("under the flow the last layer alone moves too", async () => {
  const { rows, weights, experiment } = await trained({
    data: patterns,
    init,
    model: { kind: "relu", layers },
    train: { method: "gradient-flow", time: 5, layers: "last" },
    record: {
      every: 5,
      quantities: ["loss", "ntk_drift", "linear_distance", "weight_distance"],
      arrays: ["weights"],
    },
  });
  const [{ w0 }] = await loadRuns(experiment.runs, new Map());
  const count = 12;
  w0.subarray(0, w0.length - count).forEach((value, k) => expect(weights[0][k]).toBeCloseTo(value, 6));
  const last = rows[0].at(-1)!;
  expect(last.ntk_drift).toBe(0);
  expect(last.linear_distance / last.weight_distance).toBeLessThan(1e-4);
  expect(last.loss).toBeLessThan(rows[0][0].loss);
});

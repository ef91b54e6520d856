import { describe, expect, inject, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { reluJacobian } from "../../src/models/relu.reference.ts";
import { infiniteWidthBaseline, initialKernelBaseline } from "../../src/models/relu-baselines.ts";
import { networkBehaviour } from "../../src/models/network-behaviour.ts";
import type { Json } from "../../src/document/types.ts";
import { heDeviations, reluTangentKernel } from "../../src/theory/relu-tangent-kernel.ts";
import { trained, worstError } from "./experiment.ts";
import { crossKernel, explicitKernel, reluRows } from "./relu.ts";

const relative = [
  "weight_distance",
  "last_layer_distance",
  "linear_distance",
  "ntk_drift",
  "ntk_misalignment",
  "weight_l1",
  "weight_l2",
  "path_norm",
  "test_loss",
  "ntk_label_alignment",
  "ntk_eigenvalue_1",
  "ntk_eigenvalue_2",
  "ntk_eigenvalue_3",
];
const toLargest = ["ntk_change_lowest", "ntk_change_highest", "loss", "linear_loss", "function_distance"];
const exact = ["train_accuracy", "test_accuracy", "active_units", "activation_stability"];
const all = [...relative, ...toLargest, ...exact, "margin"];

/** Trains on the GPU and in float64, and compares every recorded quantity. */
async function compare(document: Record<string, Json>, bound: number, quantities = all) {
  const result = await trained({ record: { every: 20, quantities }, ...document });
  result.experiment.runs.forEach((run, index) => {
    const expected = reluRows(run, new Map());
    const actual = result.rows[index];
    expect(actual.map(({ epoch }) => epoch)).toEqual(expected.map(({ epoch }) => epoch));
    for (const name of quantities) {
      const worst = worstError(actual, expected, name, toLargest.includes(name) || name === "flow_error");
      const own = exact.includes(name) ? 1e-6 : name === "margin" ? 5 * bound : bound;
      expect(worst, `${name}, run ${index}`).toBeLessThan(own);
    }
  });
  return result;
}

const data = { kind: "sparse-signs", samples: 23, dimension: 7, seed: 3, testSamples: 22 };

describe("ReLU networks against float64", () => {
  for (const [kind, stepSize] of [
    ["squared", 0.02],
    ["logistic", 0.1],
  ] as const)
    test(`two hidden layers, 400 full-batch steps, ${kind} loss: every quantity within 1e-3`, async () => {
      await compare(
        {
          data,
          model: { kind: "relu", widths: [7, 6] },
          loss: { kind },
          init: { shape: "he" },
          train: { stepSize, epochs: 400 },
          record: { every: 50, quantities: all },
          sweep: [{ path: "init.alpha", values: [0.7, 0.85, 1] }],
        },
        1e-3,
      );
    });

  for (const batchSize of ["full", 8])
    test(`samples in whole fours, ${batchSize === "full" ? "in order" : "shuffled"}`, async () => {
      await compare(
        {
          data: { ...data, samples: 24, testSamples: 20 },
          model: { kind: "relu", widths: [7, 6] },
          init: { shape: "he" },
          train: { stepSize: 0.02, epochs: 60, batchSize },
          sweep: [{ path: "init.alpha", values: [0.8, 1] }],
        },
        1e-3,
      );
    });

  test("one hidden layer less its start, minibatches with a ragged last one, own data and weights", async () => {
    await compare(
      {
        data,
        model: { kind: "relu", widths: [5] },
        init: { shape: { std: [0.3, 0.5] }, subtract: true },
        train: { stepSize: 0.02, epochs: 60, batchSize: 8 },
        sweep: [
          {
            paths: ["data.seed", "init.seed", "train.seed"],
            values: [
              [1, 2, 3],
              [4, 5, 6],
            ],
          },
        ],
      },
      1e-3,
      [...all, "flow_error"],
    );
  });

  test("logistic loss, a penalty, sums, on the twin too", async () => {
    await compare(
      {
        data,
        model: { kind: "relu", widths: [6, 5, 7] },
        init: { shape: "he" },
        loss: { kind: "logistic", reduction: "sum", l2: 0.01 },
        train: { stepSize: 0.01, epochs: 60, batchSize: 10 },
        sweep: [{ path: "init.alpha", values: [0.8, 1.2] }],
      },
      1e-3,
    );
  });

  test("unbiased pairs and output scaling", async () => {
    await compare(
      {
        data,
        model: { kind: "relu", widths: [8], unbiased: true },
        init: { shape: "he", scaling: "output" },
        loss: { kind: "squared", l2: 0.001 },
        train: { stepSize: 0.02, epochs: 100 },
        sweep: [{ path: "init.alpha", values: [0.5, 1, 4] }],
      },
      1e-3,
    );
  });
});

describe("tangent kernels", () => {
  for (const widths of [[8], [7, 5], [6, 5, 7]])
    for (const unbiased of [false, true])
      test(`widths ${widths.join(", ")}${unbiased ? ", unbiased" : ""}: within 1e-5 of explicit Jacobians, with the test inputs too`, async () => {
        const { experiment, kernels, testKernels, weights } = await trained({
          data,
          model: { kind: "relu", widths, unbiased },
          init: { shape: "he" },
          train: { stepSize: 0.02, epochs: 50 },
          record: { every: 50, quantities: ["loss"], arrays: ["ntk", "test_ntk", "weights"] },
          sweep: [{ path: "init.seed", values: [1, 2] }],
        });
        experiment.runs.forEach((run, index) => {
          const { X, testX, inputs } = loadDataset(run.data, new Map());
          const w0 = networkBehaviour.initial(run, { inputs, outputs: 1 }, new Map());
          const start = new Float64Array(weights[index].length);
          for (let copy = 0; copy < start.length / w0.length; copy++) start.set(w0, copy * w0.length);
          [start, Float64Array.from(weights[index])].forEach((at, record) => {
            const J = reluJacobian(run, at, X, { inputs, outputs: 1 });
            for (const [expected, recorded] of [
              [explicitKernel(J), kernels],
              [crossKernel(reluJacobian(run, at, testX, { inputs, outputs: 1 }), J), testKernels],
            ] as const) {
              const actual = recorded[index][record];
              expect(actual.length).toBe(expected.length);
              const largest = Math.max(...expected.map(Math.abs));
              expected.forEach((value, entry) =>
                expect(Math.abs(actual[entry] - value)).toBeLessThan(1e-5 * largest),
              );
            }
          });
        });
      });
});

test("kernels made a few runs at a time are those of runs alone, bit for bit", async () => {
  // 32 MiB hold one kernel of 2052 samples: the second run's is made after the first's. In whole fours, by kernels that the next
  // test has, too.
  const document = (seeds: number[]) => ({
    data: { kind: "sparse-signs", samples: 2052, dimension: 3 },
    model: { kind: "relu", widths: [2] },
    init: { shape: "he" },
    train: { stepSize: 0.02, epochs: 1 },
    record: { every: 1, quantities: ["ntk_drift"], arrays: ["ntk"] },
    sweep: [{ path: "init.seed", values: seeds }],
  });
  const [together, alone] = [await trained(document([1, 2])), await trained(document([2]))];
  expect(together.rows[1]).toEqual(alone.rows[0]);
  expect(together.rows[1].at(-1)!.ntk_drift).toBeGreaterThan(0);
  together.kernels[1].forEach((kernel, record) =>
    expect(sameBits(kernel, alone.kernels[0][record]), `record ${record}`).toBe(true),
  );
});

/** Compared as words: so many numbers take minutes one by one. */
const sameBits = (one: Float32Array, other: Float32Array): boolean => {
  const [words, others] = [one, other].map((array) => new Uint32Array(array.buffer)) as [
    Uint32Array,
    Uint32Array,
  ];
  return words.length === others.length && words.every((word, place) => word === others[place]);
};

// It takes a quarter of a minute: with CASES=all.
if (inject("isThorough"))
  test("the mean kernel of 80 networks of width 2048 is the infinitely wide one to 1%", async () => {
    const width = 2048;
    const { experiment, kernels } = await trained({
      data: { kind: "sparse-signs", samples: 24, dimension: 20 },
      model: { kind: "relu", widths: [width] },
      init: { shape: "he" },
      train: { stepSize: 1e-6, epochs: 1 },
      record: { every: 1, quantities: ["loss"], arrays: ["ntk"] },
      sweep: [{ path: "init.seed", range: [1, 81, 1] }],
    });
    const { X, inputs } = loadDataset(experiment.runs[0].data, new Map());
    const limit = reluTangentKernel(
      { widths: [width], deviations: heDeviations(inputs, [width]) },
      inputs,
      X,
    );
    const apart = limit.map(
      (entry, k) => kernels.reduce((sum, [first]) => sum + first[k], 0) / kernels.length - entry,
    );
    const off = Math.hypot(...apart) / Math.hypot(...limit);
    // An entry of one kernel is off by about sqrt(5 / width), 5%; the mean of 80 by 0.6%.
    expect(off).toBeLessThan(0.01);
    expect(off).toBeGreaterThan(1e-4);
  });

test("regression with both kernels is recorded once a run, and is that of its own data and weights", async () => {
  const { rows, experiment } = await trained({
    data: { kind: "sparse-signs", samples: 23, dimension: 6, testSamples: 22 },
    model: { kind: "relu", widths: [8] },
    init: { shape: { std: 1 } },
    train: { stepSize: 0.01, epochs: 2 },
    record: { every: 1, quantities: ["test_kernel_accuracy", "test_wide_kernel_accuracy"] },
    sweep: [
      { path: "init.alpha", values: [0.1, 1] },
      {
        paths: ["data.seed", "init.seed"],
        values: [
          [1, 1],
          [2, 2],
        ],
      },
    ],
  });
  const seen = new Set<number>();
  experiment.runs.forEach((run, index) => {
    const dataset = loadDataset(run.data, new Map());
    const w0 = networkBehaviour.initial(run, dataset, new Map());
    for (const row of rows[index]) {
      expect(row.test_kernel_accuracy).toBe(initialKernelBaseline(run, dataset, w0).accuracy);
      expect(row.test_wide_kernel_accuracy).toBe(infiniteWidthBaseline(run, dataset).accuracy);
      seen.add(row.test_kernel_accuracy).add(row.test_wide_kernel_accuracy);
    }
  });
  expect(seen.size).toBeGreaterThan(2);
});

describe("gradient flow", () => {
  test("conserves |u|^2 - v^2, and ends where small steps end", async () => {
    const document = (train: Record<string, Json>, every: number) => ({
      data,
      model: { kind: "relu", widths: [8] },
      init: { shape: "he" },
      train,
      record: {
        every,
        quantities: ["loss", "weight_distance", "linear_distance", "flow_error", "linear_loss"],
      },
    });
    const flow = await trained(
      document({ method: "gradient-flow", tolerance: 1e-4, time: 1, maxSteps: 3000 }, 100000),
    );
    const steps = await trained(document({ stepSize: 1e-3, epochs: 1000 }, 1000));
    const [end, near] = [flow.rows[0].at(-1)!, steps.rows[0].at(-1)!];
    expect(end.time).toBeCloseTo(1, 6);
    // The error of a step, relative to the weights.
    expect(end.flow_error).toBeLessThan(1e-4);
    for (const name of ["loss", "weight_distance", "linear_distance", "linear_loss"])
      expect(Math.abs(end[name] / near[name] - 1), `${name}: ${end[name]} and ${near[name]}`).toBeLessThan(
        5e-3,
      );
  });
});

test("how the work is cut, and which neighbours a run has, changes no bit", async () => {
  const document = (alphas: number[]) => ({
    data,
    model: { kind: "relu", widths: [7, 6] },
    init: { shape: "he" },
    train: { stepSize: 0.02, epochs: 40, batchSize: 9, stopLoss: 0.2 },
    record: { every: 10, quantities: all },
    sweep: [{ path: "init.alpha", values: alphas }],
  });
  const [whole, one] = [await trained(document([0.5, 0.9, 1.1])), await trained(document([0.9]))];
  expect(whole.rows[1]).toEqual(one.rows[0]);
  const hurried = await trained(document([0.5, 0.9, 1.1]), new Map(), { submitBudget: 0.1 });
  expect(hurried.rows).toEqual(whole.rows);
});

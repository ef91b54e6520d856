import { describe, expect, inject, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { expectRelu } from "../../src/models/relu.bound.ts";
import { reluJacobian, trainRelu } from "../../src/models/relu.reference.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { npyFile, trained, worstError } from "./experiment.ts";
import { expectTestKernel, kernelOf, reluRows } from "./relu.ts";

const N = 6;
const TESTS = 5;

/** Numbers in (-1, 1) without a pattern. */
const scattered = (count: number, seed: number) =>
  Float64Array.from({ length: count }, (_, k) => Math.fround(Math.sin(12.9898 * (k + 1) + 78.233 * seed)));

const images = (channels: number, height: number, width: number) => ({
  [`X${channels}x${height}x${width}.npy`]: npyFile(scattered(N * channels * height * width, 1), [
    N,
    channels,
    height,
    width,
  ]),
  [`test${channels}x${height}x${width}.npy`]: npyFile(scattered(TESTS * channels * height * width, 3), [
    TESTS,
    channels,
    height,
    width,
  ]),
});
const files = new Map(
  Object.entries({
    ...images(2, 6, 5),
    ...images(1, 1, 1),
    ...images(1, 4, 4),
    ...images(3, 7, 7),
    "y.npy": npyFile(scattered(N, 2)),
    "testY.npy": npyFile(scattered(TESTS, 4)),
    "classes.npy": npyFile(Float64Array.from({ length: N }, (_, j) => (2 * j) % 3)),
    "testClasses.npy": npyFile(Float64Array.from({ length: TESTS }, (_, j) => j % 3)),
    "outputs.npy": npyFile(scattered(10 * N, 5), [N, 10]),
    "testOutputs.npy": npyFile(scattered(10 * TESTS, 6), [TESTS, 10]),
  }),
);
const data = (size: string, targets = "y.npy", testTargets = "testY.npy") => ({
  kind: "file",
  inputs: `X${size}.npy`,
  targets,
  testInputs: `test${size}.npy`,
  testTargets,
});
const classified = (size: string) => data(size, "classes.npy", "testClasses.npy");

const toLargest = ["ntk_change_lowest", "ntk_change_highest", "loss", "linear_loss", "function_distance"];
const exact = ["train_accuracy", "test_accuracy", "active_units", "activation_stability"];
const quantities = [
  ...[
    "weight_distance",
    "last_layer_distance",
    "linear_distance",
    "ntk_drift",
    "ntk_misalignment",
    "weight_l1",
    "weight_l2",
  ],
  ...["test_loss", "ntk_eigenvalue_1", "margin", "path_norm"],
  ...toLargest,
  ...exact,
];

const BOUND = 1e-3;

async function compare(document: Record<string, Json>, own = quantities) {
  const result = await trained(
    {
      init: { shape: "he" },
      ...document,
      record: { every: 20, quantities: own, ...(document.record as object) },
    },
    files,
  );
  result.experiment.runs.forEach((run, index) => {
    const expected = reluRows(run, files);
    const actual = result.rows[index];
    expect(actual.map(({ epoch }) => epoch)).toEqual(expected.map(({ epoch }) => epoch));
    for (const name of own) {
      const worst = worstError(actual, expected, name, toLargest.includes(name));
      const bound = exact.includes(name) ? 1e-6 : name === "margin" ? 5 * BOUND : BOUND;
      expect(worst, `${name}, run ${index}`).toBeLessThan(bound);
    }
  });
  return result;
}

const train = { stepSize: 0.02, epochs: 60 };
const alphas = [{ path: "init.alpha", values: [0.7, 1] }];

/** Layers on images whose sizes are awkward. */
const awkward: [title: string, size: string, layers: Json[]][] = [
  ["a stride larger than the window", "3x7x7", [{ conv: 2, size: 2, stride: 3 }, { dense: 4 }]],
  [
    "windows of 2 x 2 that hold every pixel",
    "1x4x4",
    [
      { conv: 3, size: 3, padding: 1 },
      { pool: "max", size: 2 },
      { conv: 2, size: 1 },
      { pool: "average", size: 2 },
    ],
  ],
  ["padding of size - 1", "1x4x4", [{ conv: 2, size: 3, padding: 2 }]],
  [
    "images of one pixel",
    "1x1x1",
    [
      { conv: 3, size: 1 },
      { conv: 2, size: 3, padding: 1 },
    ],
  ],
];
const pooled: Json[] = [
  { conv: 3, size: 3, padding: 1 },
  { pool: "max", size: 2 },
  { conv: 2, size: 2 },
  { pool: "average", size: "all" },
  { dense: 3 },
];

describe("networks of images against float64: every quantity within 1e-3", () => {
  const lists: [string, string, Json[]][] = [
    ["a window of 3 with zeros around", "2x6x5", [{ conv: 3, size: 3, padding: 1 }]],
    ...awkward,
    ["two convolutions, the largest of windows and their means", "3x7x7", pooled],
    [
      "convolutions with strides above each other",
      "2x6x5",
      [
        { conv: 2, size: 3, padding: 1 },
        { conv: 3, size: 3, stride: 2, padding: 1 },
      ],
    ],
  ];
  for (const [name, size, layers] of lists)
    test(name, async () => {
      // On a single number networks are lines on either side of 0, and kernels do not turn.
      const own = size === "1x1x1" ? quantities.filter((name) => name !== "ntk_misalignment") : quantities;
      await compare(
        {
          data: data(size),
          model: { kind: "relu", layers },
          init: { shape: "he", seed: size === "1x1x1" ? 1 : 3 },
          train,
          sweep: alphas,
        },
        own,
      );
    });

  test("classes, minibatches with a ragged last one, full kernels", async () => {
    await compare({
      data: classified("2x6x5"),
      model: {
        kind: "relu",
        layers: [
          { conv: 3, size: 3 },
          { pool: "max", size: 2 },
        ],
      },
      loss: { kind: "cross-entropy" },
      train: { ...train, stepSize: 0.1, batchSize: 4 },
      record: { kernelOutputs: "full" },
      sweep: alphas,
    });
  });

  test("unbiased pairs, output scaling, a penalty", async () => {
    await compare({
      data: data("2x6x5"),
      model: {
        kind: "relu",
        layers: [
          { conv: 3, size: 3 },
          { pool: "average", size: 2 },
        ],
        unbiased: true,
      },
      init: { shape: "he", scaling: "output" },
      loss: { l2: 0.001 },
      train,
      sweep: [{ path: "init.alpha", values: [0.5, 2] }],
    });
  });

  test("a convolution of more weights than an axis of a dispatch has workgroups", async () => {
    const { experiment, testKernels, weights } = await compare(
      {
        data: data("1x4x4"),
        model: {
          kind: "relu",
          layers: [
            { conv: 130, size: 3 },
            { conv: 130, size: 2 },
          ],
        },
        train: { stepSize: 0.001, epochs: 1 },
        record: { every: 1, arrays: ["test_ntk", "weights"] },
      },
      ["loss", "weight_distance", "ntk_drift", "gradient_distance"],
    );
    const [{ run, dataset }] = await loadRuns(experiment.runs, files);
    expectTestKernel(testKernels[0][1], run, Float64Array.from(weights[0]), dataset);
  });

  test("a linear network", async () => {
    const linear = quantities.filter((name) => !exact.slice(2).includes(name));
    await compare(
      {
        data: data("2x6x5"),
        model: {
          kind: "linear",
          layers: [
            { conv: 3, size: 3, stride: 2 },
            { conv: 2, size: 2, padding: 1 },
          ],
        },
        train,
        sweep: alphas,
      },
      linear,
    );
  });
});

test("a convolution of the whole image is a dense layer", async () => {
  const ofModel = (model: Record<string, Json>) =>
    trained(
      {
        data: data("1x4x4"),
        model: { kind: "relu", ...model },
        init: { shape: "he" },
        train,
        record: { every: 20, quantities: ["loss"], arrays: ["ntk", "weights"] },
      },
      files,
    );
  const dense = await ofModel({ widths: [3] });
  const conv = await ofModel({ layers: [{ conv: 3, size: 4 }] });
  expect(conv.weights[0].length).toBe(dense.weights[0].length);
  const near = (a: Float32Array, b: Float32Array) => {
    const largest = Math.max(...a.map(Math.abs));
    a.forEach((value, k) => expect(Math.abs(value - b[k])).toBeLessThan(2e-6 * largest));
  };
  near(dense.weights[0], conv.weights[0]);
  near(dense.kernels[0].at(-1)!, conv.kernels[0].at(-1)!);
});

test("a list of dense layers is what its widths are, to the bit", async () => {
  const quantities = ["path_norm", "flow_error", "test_wide_kernel_accuracy", "loss"];
  const ofModel = async (model: Record<string, Json>) => {
    const { rows, testKernels } = await trained(
      {
        data: { kind: "sparse-signs", samples: 6, dimension: 4, testSamples: 5 },
        model: { kind: "relu", ...model },
        init: { shape: "he" },
        train: { stepSize: 0.02, epochs: 5 },
        record: { every: 5, quantities, arrays: ["test_ntk"] },
      },
      files,
    );
    return { rows, testKernels };
  };
  expect(await ofModel({ layers: [{ dense: 5 }] })).toEqual(await ofModel({ widths: [5] }));
});

describe("kernels are those of explicit Jacobians, whose inner product with the weights is D f", () => {
  const size = "3x7x7";
  const targets = [
    { outputs: 1, targets: data(size) },
    { outputs: 3, targets: classified(size), loss: { kind: "cross-entropy" } },
    { outputs: 10, targets: data(size, "outputs.npy", "testOutputs.npy") },
  ];
  // Of one output both are one, and what is full of ten takes seconds to compile: with CASES=all.
  const cases = targets.flatMap((own) =>
    (own.outputs === 3 || inject("isThorough") ? ["trace", "full"] : ["trace"]).map((kernelOutputs) => ({
      ...own,
      kernelOutputs,
    })),
  );
  test.for(cases)(
    "$outputs outputs, $kernelOutputs",
    async ({ outputs: count, targets, loss, kernelOutputs }) => {
      const { experiment, kernels } = await trained(
        {
          data: targets,
          model: {
            kind: "relu",
            layers: [
              { conv: 3, size: 3, padding: 1 },
              { pool: "max", size: 2 },
              { conv: 2, size: 2 },
            ],
          },
          ...(loss && { loss }),
          init: { shape: "he" },
          train: { stepSize: 0.01, epochs: 20 },
          record: { every: 20, quantities: ["loss"], arrays: ["ntk"], kernelOutputs },
        },
        files,
      );
      const [run] = experiment.runs;
      const [{ dataset, w0 }] = await loadRuns([run], files);
      trainRelu(run, dataset, w0, ({ updates, weights, outputs }) => {
        if (updates !== 20) return;
        const J = reluJacobian(run, weights, dataset.X, dataset);
        J.forEach((own, k) => {
          const product = own.reduce((sum, value, p) => sum + value * weights[p], 0);
          expect(product / 3).toBeCloseTo(outputs[k], 12);
        });
        const expected = kernelOf(run, J, count);
        const largest = Math.max(...expected.map(Math.abs));
        expect(largest).toBeGreaterThan(0);
        expect(kernels[0][1].length).toBe(expected.length);
        expected.forEach((value, k) =>
          expect(Math.abs(value - kernels[0][1][k])).toBeLessThan(1e-5 * largest),
        );
      });
    },
  );
});

describe("kernels between test and training images are those of explicit Jacobians", () => {
  const cases: [string, string, Json[], Record<string, Json>?][] = [
    ...awkward,
    ["pools of both kinds, unbiased pairs", "3x7x7", pooled, { unbiased: true }],
    [
      "a linear network",
      "2x6x5",
      [
        { conv: 3, size: 3 },
        { pool: "average", size: 2 },
      ],
      { kind: "linear" },
    ],
  ];
  for (const [title, size, layers, model] of cases)
    for (const classes of [1, 3])
      test(`${title}, ${classes} ${classes === 1 ? "output" : "outputs"}`, async () => {
        const { experiment, testKernels, weights } = await trained(
          {
            data: classes === 1 ? data(size) : classified(size),
            model: { kind: "relu", layers, ...model },
            ...(classes > 1 && { loss: { kind: "cross-entropy" } }),
            init: { shape: "he", seed: 1 },
            train,
            record: { every: 30, quantities: ["loss"], arrays: ["test_ntk", "weights"] },
            sweep: alphas,
          },
          files,
        );
        const members = await loadRuns(experiment.runs, files);
        experiment.runs.forEach((run, index) => {
          const { dataset } = members[index];
          const at = Float64Array.from(weights[index]);
          expectTestKernel(testKernels[index].at(-1)!, run, at, dataset);
        });
      });
});

test("gradients of more samples than an axis of a dispatch has workgroups come in parts", async () => {
  const [samples, seeds] = [20, 328];
  const many = new Map([
    ["X.npy", npyFile(scattered(2 * samples, 1), [samples, 2, 1, 1])],
    ["y.npy", npyFile(Float64Array.from({ length: samples }, (_, j) => j % 10))],
  ]);
  const { experiment, kernels } = await trained(
    {
      data: { kind: "file", inputs: "X.npy", targets: "y.npy" },
      model: { kind: "relu", layers: [{ conv: 1, size: 3, padding: 1 }] },
      loss: { kind: "cross-entropy" },
      init: { shape: "he" },
      train: { stepSize: 0.01, epochs: 1 },
      record: { every: 1, quantities: ["loss"], arrays: ["ntk"] },
      sweep: [{ path: "init.seed", range: [1, seeds + 1, 1] }],
    },
    many,
  );
  expect(10 * samples * seeds).toBeGreaterThan(65_535);
  for (const index of [0, seeds - 1]) {
    const run = experiment.runs[index];
    const [{ dataset, w0 }] = await loadRuns([run], many);
    const expected = kernelOf(run, reluJacobian(run, w0, dataset.X, dataset), 10);
    const largest = Math.max(...expected.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    expected.forEach((value, k) =>
      expect(Math.abs(value - kernels[index][0][k])).toBeLessThan(1e-5 * largest),
    );
  }
});

test("weights of five runs stay within the derived bound, whatever the sizes", async () => {
  const lists: [string, Json[]][] = [
    ["1x4x4", [{ conv: 3, size: 3, stride: 1, padding: 1 }]],
    ["1x4x4", [{ conv: 2, size: 3, stride: 1, padding: 2 }]],
    ["3x7x7", [{ conv: 2, size: 2, stride: 3, padding: 0 }]],
    ["1x1x1", [{ conv: 3, size: 1, stride: 1, padding: 0 }]],
    [
      "1x4x4",
      [
        { conv: 2, size: 2, stride: 2, padding: 0 },
        { pool: "max", size: 2 },
      ],
    ],
    [
      "2x6x5",
      [
        { conv: 2, size: 3, stride: 2, padding: 1 },
        { pool: "average", size: 2 },
      ],
    ],
  ];
  for (const [size, layers] of lists) {
    const { experiment, weights } = await trained(
      {
        data: data(size),
        model: { kind: "relu", layers },
        init: { shape: "he" },
        train: { stepSize: 0.03, epochs: 10, batchSize: 4 },
        record: { every: 10, quantities: ["loss"], arrays: ["weights"] },
        sweep: [{ path: "init.seed", values: [1, 2, 3, 4, 5] }],
      },
      files,
    );
    const members = await loadRuns(experiment.runs, files);
    const shares = members.map(({ run, dataset, w0 }, index) => {
      const { values, bound, moved } = expectRelu({ run, dataset, w0: w0.map(Math.fround) }).at(-1)!;
      const gap = Math.hypot(...values.map((value, k) => value - weights[index][k]));
      expect(gap, `${size}, run ${index}`).toBeLessThanOrEqual(bound);
      return bound / moved;
    });
    // The bound says something, but of runs whose units may switch.
    expect(Math.min(...shares), `${size}: ${shares.join(", ")}`).toBeLessThan(0.01);
  }
});

test("what does not fit says so", async () => {
  const refused = (model: Record<string, Json>, own = data("2x6x5")) =>
    trained({ data: own, model, init: { shape: "he" }, train: { stepSize: 0.1, epochs: 1 } }, files);
  await expect(refused({ kind: "relu", layers: [{ conv: 2, size: 8 }] })).rejects.toThrow(
    "model.layers layer 0: its window of 8 x 8 does not fit an image of 6 x 5",
  );
  await expect(refused({ kind: "relu", layers: [{ pool: "max", size: 2 }] })).rejects.toThrow(
    "the first layer has weights",
  );
  await expect(
    refused({ kind: "relu", layers: [{ conv: 2, size: 2 }] }, {
      kind: "linear-uniform",
      samples: 5,
      dimension: 9,
    } as never),
  ).rejects.toThrow("has convolutions or pooling, which need images");
  await expect(
    trained(
      {
        data: data("2x6x5"),
        model: { kind: "relu", layers: [{ conv: 2, size: 2 }] },
        init: { shape: "he" },
        train: { stepSize: 0.1, epochs: 1 },
        record: { every: 1, quantities: ["test_wide_kernel_accuracy"] },
      },
      files,
    ),
  ).rejects.toThrow(/test_wide_kernel_accuracy.*the infinitely wide kernel is that of dense networks/);
  await expect(refused({ kind: "relu" })).rejects.toThrow("model.widths is missing");
  await expect(refused({ kind: "relu", widths: [3], layers: [{ dense: 3 }] })).rejects.toThrow(
    "and model.layers are both given",
  );
});

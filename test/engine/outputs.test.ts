import { describe, expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { expectRelu } from "../../src/models/relu.bound.ts";
import { reluJacobian, reluOf, trainRelu } from "../../src/models/relu.reference.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { npyFile, trained, worstError } from "./experiment.ts";
import { expectTestKernel, kernelOf, reluRows } from "./relu.ts";

const N = 6;
const TESTS = 5;
const INPUTS = 6;
const OUTPUTS = 3;

/** Numbers in (-1, 1) without a pattern. */
const scattered = (count: number, seed: number) =>
  Float64Array.from({ length: count }, (_, k) => Math.fround(Math.sin(12.9898 * (k + 1) + 78.233 * seed)));

const targets = (samples: number, seed: number) => scattered(samples * OUTPUTS, seed);
const files = new Map([
  ["X.npy", npyFile(scattered(N * INPUTS, 1), [N, INPUTS])],
  ["y.npy", npyFile(targets(N, 2), [N, OUTPUTS])],
  ["signs.npy", npyFile(targets(N, 2).map(Math.sign), [N, OUTPUTS])],
  ["classes.npy", npyFile(Float64Array.from({ length: N }, (_, j) => (2 * j) % OUTPUTS))],
  ["testClasses.npy", npyFile(Float64Array.from({ length: TESTS }, (_, j) => j % OUTPUTS))],
  ["testX.npy", npyFile(scattered(TESTS * INPUTS, 3), [TESTS, INPUTS])],
  ["testY.npy", npyFile(targets(TESTS, 4), [TESTS, OUTPUTS])],
  ["testSigns.npy", npyFile(targets(TESTS, 4).map(Math.sign), [TESTS, OUTPUTS])],
]);
const data = {
  kind: "file",
  inputs: "X.npy",
  targets: "y.npy",
  testInputs: "testX.npy",
  testTargets: "testY.npy",
};

const toLargest = ["ntk_change_lowest", "ntk_change_highest", "loss", "linear_loss", "function_distance"];
const exact = ["train_accuracy", "test_accuracy", "active_units", "activation_stability"];
const all = [
  ...[
    "weight_distance",
    "last_layer_distance",
    "linear_distance",
    "ntk_drift",
    "ntk_misalignment",
    "weight_l1",
    "weight_l2",
  ],
  ...["path_norm", "test_loss", "ntk_eigenvalue_1", "ntk_eigenvalue_2", "ntk_eigenvalue_3", "margin"],
  ...toLargest,
];
const rectified = [...all, ...exact];

const BOUND = 1e-3;

async function compare(document: Record<string, Json>, quantities = rectified) {
  const result = await trained(
    { data, init: { shape: "he" }, record: { every: 20, quantities }, ...document },
    files,
  );
  result.experiment.runs.forEach((run, index) => {
    const expected = reluRows(run, files);
    const actual = result.rows[index];
    expect(actual.map(({ epoch }) => epoch)).toEqual(expected.map(({ epoch }) => epoch));
    for (const name of quantities) {
      const worst = worstError(actual, expected, name, toLargest.includes(name) || name === "flow_error");
      const own = exact.includes(name) ? 1e-6 : name === "margin" ? 5 * BOUND : BOUND;
      expect(worst, `${name}, run ${index}`).toBeLessThan(own);
    }
  });
  return result;
}

describe("several outputs against float64: every quantity within 1e-3", () => {
  const alphas = [{ path: "init.alpha", values: [0.7, 1] }];
  const full = (quantities: string[]) => ({
    every: 20,
    quantities: [...quantities, "ntk_label_alignment"],
    kernelOutputs: "full",
  });

  test("two hidden layers, full batches, kernels traced and full", async () => {
    const document = {
      model: { kind: "relu", widths: [6, 5] },
      train: { stepSize: 0.02, epochs: 100 },
      sweep: alphas,
    };
    await compare(document);
    await compare({ ...document, record: full(rectified) }, full(rectified).quantities);
  });

  test("one hidden layer less its start, minibatches with a ragged last one", async () => {
    await compare(
      {
        model: { kind: "relu", widths: [5] },
        init: { shape: "he", subtract: true },
        train: { stepSize: 0.02, epochs: 60, batchSize: 4 },
        sweep: alphas,
        record: { every: 20, quantities: [...rectified, "flow_error"] },
      },
      [...rectified, "flow_error"],
    );
  });

  test("unbiased pairs and output scaling, a penalty", async () => {
    await compare({
      model: { kind: "relu", widths: [8], unbiased: true },
      init: { shape: "he", scaling: "output" },
      loss: { kind: "squared", l2: 0.001 },
      train: { stepSize: 0.02, epochs: 60 },
      sweep: [{ path: "init.alpha", values: [0.5, 2] }],
    });
  });

  test("logistic loss, sums", async () => {
    await compare({
      data: { ...data, targets: "signs.npy", testTargets: "testSigns.npy" },
      model: { kind: "relu", widths: [6, 5] },
      loss: { kind: "logistic", reduction: "sum", l2: 0.01 },
      train: { stepSize: 0.01, epochs: 60 },
      sweep: alphas,
    });
  });

  test("cross-entropy of classes, full batches and minibatches", async () => {
    const classes = { ...data, targets: "classes.npy", testTargets: "testClasses.npy" };
    for (const batchSize of ["full", 4])
      await compare({
        data: classes,
        model: { kind: "relu", widths: [6, 5] },
        loss: { kind: "cross-entropy", l2: 0.001 },
        train: { stepSize: 0.1, epochs: 60, batchSize },
        sweep: alphas,
      });
  });

  for (const widths of [[], [6, 5]])
    test(`linear networks of widths ${JSON.stringify(widths)}`, async () => {
      await compare(
        {
          model: { kind: "linear", widths },
          train: { stepSize: 0.02, epochs: 60, batchSize: 4 },
          record: { ...full(all) },
          sweep: alphas,
        },
        // Of one layer the kernel stays, and with it nothing is left of its changes but rounding.
        full(all).quantities.filter(
          (name) => widths.length > 0 || !/drift|misalignment|distance|change/.test(name),
        ),
      );
    });
});

test("kernels and weights of several outputs are those of explicit Jacobians", async () => {
  for (const kernelOutputs of ["trace", "full"]) {
    const { experiment, kernels, testKernels, weights } = await trained(
      {
        data,
        model: { kind: "relu", widths: [6, 5] },
        init: { shape: "he" },
        train: { stepSize: 0.02, epochs: 20 },
        record: { every: 20, quantities: ["loss"], arrays: ["ntk", "test_ntk", "weights"], kernelOutputs },
      },
      files,
    );
    const [run] = experiment.runs;
    const [{ dataset, w0 }] = await loadRuns([run], files);
    let end = new Float64Array();
    trainRelu(run, dataset, w0, (state) => {
      end = state.weights.slice();
    });
    const largest = (values: ArrayLike<number>) =>
      Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const near = (actual: Float32Array, expected: Float64Array, name: string) => {
      expect(actual.length, name).toBe(expected.length);
      expect(largest(expected.map((value, k) => value - actual[k])), name).toBeLessThan(
        1e-5 * largest(expected),
      );
    };
    const J = reluJacobian(run, end, dataset.X, dataset);
    near(kernels[0][1], kernelOf(run, J, OUTPUTS), `${kernelOutputs} kernel`);
    expectTestKernel(testKernels[0][1], run, end, dataset);
    near(weights[0], end, "weights");
  }
});

test("arrays of outputs, and of the first layer's weights, are those of float64", async () => {
  for (const unbiased of [false, true]) {
    const { experiment, outputs, functions, firstLayers } = await trained(
      {
        data,
        model: { kind: "relu", widths: [6, 5], unbiased },
        init: { shape: "he" },
        train: { stepSize: 0.02, epochs: 40 },
        record: { every: 20, quantities: ["loss"], arrays: ["outputs", "function", "first_layer"] },
      },
      files,
    );
    const [run] = experiment.runs;
    const [{ dataset, w0 }] = await loadRuns([run], files);
    const model = reluOf(run, dataset);
    const states: Float64Array[] = [];
    trainRelu(run, dataset, w0, ({ weights }) => states.push(weights.slice()));
    const ends = [0, 20, 40].map((updates) => states[updates]);
    for (const [record, weights] of ends.entries()) {
      const at = (X: Float64Array) =>
        Array.from({ length: X.length / INPUTS }, (_, j) => [
          ...model.outputs(weights, X.subarray(j * INPUTS, (j + 1) * INPUTS)),
        ]).flat();
      const first = Array.from({ length: model.copies }, (_, copy) => [
        ...weights.subarray(copy * model.size, copy * model.size + 6 * INPUTS),
      ]).flat();
      for (const [actual, expected] of [
        [outputs[0][record], at(dataset.X)],
        [functions[0][record], at(dataset.testX)],
        [firstLayers[0][record], first],
      ] as const) {
        expect(actual.length).toBe(expected.length);
        expected.forEach((value, k) => expect(Math.abs(actual[k] - value)).toBeLessThan(1e-5));
      }
    }
  }
});

test("weights of several outputs stay within the derived bound, by descent and by the flow", async () => {
  const document = {
    data,
    // Bounds of deeper networks grow with every step, and soon say nothing.
    model: { kind: "relu", widths: [5] },
    init: { shape: "he" },
    record: { every: 1, quantities: ["loss"], arrays: ["weights"] },
  };
  for (const train of [
    { stepSize: 0.05, epochs: 15, batchSize: 4 },
    { method: "gradient-flow", maxSteps: 8 },
  ]) {
    const { experiment, rows, weights } = await trained({ ...document, train }, files);
    const [run] = experiment.runs;
    const [{ dataset, w0 }] = await loadRuns([run], files);
    const losses = rows[0].map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
    const times = rows[0].map(({ time }) => time);
    const steps = times.slice(1).map((time, k) => time - times[k]);
    const expected = expectRelu({ run, dataset, w0: w0.map(Math.fround) }, "method" in train ? steps : []);
    const { values, bound, moved } = expected.at(-1)!;
    const gap = Math.hypot(...values.map((value, k) => value - weights[0][k]));
    expect(gap).toBeLessThanOrEqual(bound);
    // The bound says something.
    expect(bound).toBeLessThan(0.01 * moved);
  }
});

test("what is measured on one output says so", async () => {
  const document = (record: Record<string, Json>) =>
    trained(
      {
        data,
        model: { kind: "linear", widths: [4] },
        init: { shape: "he" },
        train: { stepSize: 0.1, epochs: 1 },
        record,
      },
      files,
    );
  await expect(document({ quantities: ["predictor_l1"], arrays: [] })).rejects.toThrow(
    'record.quantities[0] is "predictor_l1"; it is that of one output, and the data have 3 targets a sample: leave it out',
  );
  await expect(document({ quantities: ["ntk_label_alignment"], arrays: [] })).rejects.toThrow(
    'set record.kernelOutputs to "full"',
  );
  await expect(
    trained({ data, model: { kind: "diagonal", depth: 2 }, train: { stepSize: 0.1, epochs: 1 } }, files),
  ).rejects.toThrow('model.kind is "diagonal", which has one output; the data have 3 targets a sample');
});

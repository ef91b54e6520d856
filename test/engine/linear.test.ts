/** Linear networks: every quantity against explicit gradients in float64, and what they have in common with other models. */
import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";
import { adapterFamily } from "../../src/gpu/adapter.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { minimumL1, minimumL2 } from "../../src/theory/index.ts";
import { npyFile, trained, worstError } from "./experiment.ts";
import { reluRows } from "./relu.ts";

const SHARED = [
  "loss",
  "linear_loss",
  "test_loss",
  "weight_distance",
  "linear_distance",
  "function_distance",
  "ntk_drift",
  "ntk_misalignment",
  "ntk_change_lowest",
  "ntk_change_highest",
  "ntk_label_alignment",
  "ntk_eigenvalue_1",
  "ntk_eigenvalue_2",
  "weight_l1",
  "weight_l2",
  "path_norm",
  "margin",
  "predictor_l1",
  "predictor_l2",
];
const toLargest = [
  "loss",
  "linear_loss",
  "function_distance",
  "ntk_change_lowest",
  "ntk_change_highest",
  "flow_error",
];

/** Of pairs whose weights hardly move: even powers of displacements, which float32 rounds in each copy by itself. */
const CANCELLING = [
  "linear_distance",
  "function_distance",
  "ntk_drift",
  "ntk_misalignment",
  "ntk_change_lowest",
  "ntk_change_highest",
  "flow_error",
];

/** Steps that move weights by per cents, whatever alpha. */
const documentAt = (alpha: number, model: Record<string, Json>, own: Record<string, Json> = {}) => {
  const depth = (model.widths as number[]).length + 1;
  return {
    data: { kind: "linear-uniform", samples: 7, dimension: 8, seed: 3, testSamples: 5 },
    model: { kind: "linear", ...model },
    init: { shape: "he", alpha },
    train: { stepSize: Math.min(0.002 * alpha ** (2 - depth), 0.004 * alpha ** (2 - 2 * depth)), epochs: 30 },
    record: {
      every: 5,
      quantities: [...SHARED, ...(depth === 2 ? ["flow_error"] : [])],
      arrays: ["weights", "predictor"],
    },
    ...own,
  };
};

for (const widths of [[6], [5, 7, 6]])
  for (const unbiased of [false, true])
    test(`depth ${widths.length + 1}${unbiased ? ", unbiased" : ""}: every quantity within 1e-4 of its scale, alpha 1e-2 to 1e2`, async () => {
      for (const alpha of [1e-2, 0.1, 1, 10, 100]) {
        const document = documentAt(alpha, { widths, unbiased });
        const { rows, experiment } = await trained(document);
        const expected = reluRows(experiment.runs[0], new Map());
        for (const name of document.record.quantities)
          if (!(unbiased && alpha > 1 && CANCELLING.includes(name)))
            expect(
              worstError(rows[0], expected, name, toLargest.includes(name)),
              `${name} at ${alpha}`,
            ).toBeLessThan(1e-4);
        if (unbiased) expect(rows[0][0].predictor_l1).toBe(0);
      }
    });

test("distances of the predictor are those of the recorded one, on data of its own for every run", async () => {
  const names = [
    "population_l1",
    "population_l2",
    "min_l1_distance",
    "min_l2_distance",
    "excess_l1",
    "excess_l2",
  ];
  const { rows, experiment, predictors } = await trained({
    ...documentAt(1, { widths: [6], unbiased: true }),
    record: { every: 10, quantities: ["predictor_l1", ...names], arrays: ["predictor"] },
    sweep: [
      { path: "data.seed", values: [3, 4] },
      { path: "init.alpha", values: [0.5, 2] },
    ],
  });
  for (const [index, run] of experiment.runs.entries()) {
    const dataset = loadDataset(run.data, new Map());
    const beta = Float64Array.from(predictors[index]);
    const l1 = (values: Float64Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);
    const less = (other: Float64Array) => beta.map((value, i) => value - other[i]);
    const [one, two] = [(await minimumL1(dataset)).beta, minimumL2(dataset).beta];
    const expected = {
      predictor_l1: l1(beta),
      population_l1: l1(less(dataset.betaStar!)),
      population_l2: Math.hypot(...less(dataset.betaStar!)) ** 2,
      min_l1_distance: l1(less(one)),
      min_l2_distance: Math.hypot(...less(two)),
      excess_l1: l1(beta) - l1(one),
      excess_l2: Math.hypot(...beta) - Math.hypot(...two),
    };
    for (const [name, value] of Object.entries(expected))
      expect(Math.abs(rows[index].at(-1)![name] - value) / (1 + Math.abs(value)), name).toBeLessThan(1e-5);
  }
});

test("minibatches, an l2 penalty, output scaling, less the start and sums, within 1e-4 too", async () => {
  for (const own of [
    { loss: { kind: "squared", l2: 0.05 } },
    { init: { shape: "he", scaling: "output", alpha: 0.5 } },
    { init: { shape: "he", subtract: true } },
    { train: { stepSize: 0.002, epochs: 20, batchSize: 3 } },
    { loss: { kind: "squared", reduction: "sum" }, train: { stepSize: 0.0004, epochs: 20 } },
  ]) {
    const document = documentAt(1, { widths: [6] }, own);
    const { rows, experiment } = await trained(document);
    const expected = reluRows(experiment.runs[0], new Map());
    for (const name of document.record.quantities)
      expect(
        worstError(rows[0], expected, name, toLargest.includes(name)),
        `${name}, ${JSON.stringify(own)}`,
      ).toBeLessThan(1e-4);
  }
});

test("without hidden layers: linear regression, to the bit of its mirror in float32", async () => {
  const document = {
    data: { kind: "linear-uniform", samples: 7, dimension: 8, seed: 3 },
    model: { kind: "linear", widths: [] },
    init: { shape: { std: 1 }, alpha: 1 },
    train: { stepSize: 2 ** -7, epochs: 12 },
    record: { every: 12, quantities: ["loss", "ntk_drift"], arrays: ["weights"] },
  };
  const { rows, experiment, weights, report } = await trained(document);
  const run = experiment.runs[0];
  const { X, y } = loadDataset(run.data, new Map());
  const f = Math.fround;
  const [N, n] = [7, 8];
  const w0 = (await behaviourOf(run.model)).initial(run, { inputs: n, outputs: 1 }, new Map());
  const unit = 2 ** Math.round(Math.log2(Math.max(...Array.from(w0, Math.abs))));
  const W0 = Array.from(w0, (value) => f(value / unit));
  const D = new Array<number>(n).fill(0);
  const x = X.map(f);
  const dot = (weights: number[], j: number) =>
    weights.reduce((sum, w, i) => f(sum + f(w * x[j * n + i])), 0);
  const A = f(unit);
  const rate = f(f(2 ** -7 * unit ** -1) * f(1 / N));
  for (let epoch = 0; epoch < 12; epoch++) {
    const slopes = Array.from({ length: N }, (_, j) =>
      f(2 * f(f(f(A * dot(W0, j)) - f(y[j])) + f(A * dot(D, j)))),
    );
    for (let i = 0; i < n; i++) {
      const g = slopes.reduce((sum, slope, j) => f(sum + f(slope * x[j * n + i])), 0);
      D[i] = f(D[i] + f(f(-rate * g) - f(0 * f(W0[i] + D[i]))));
    }
  }
  expect(rows[0].at(-1)!.ntk_drift).toBe(0);
  const mirror = Float32Array.from(D, (d, i) => w0[i] + unit * d);
  if (adapterFamily(report.adapter) === "swiftshader") expect(weights[0]).toEqual(mirror);
});

test("gradient flow of a small start ends near the minimum-l2 solution; of another it conserves |u|^2 - v^2", async () => {
  const { rows, experiment } = await trained({
    data: { kind: "linear-uniform", samples: 5, dimension: 8, seed: 3 },
    model: { kind: "linear", widths: [6] },
    init: { shape: "he", alpha: 1 },
    train: { method: "gradient-flow", time: 1e4, stopLoss: 1e-10 },
    record: {
      every: 50,
      quantities: ["loss", "flow_error", "predictor_l2", "min_l2_distance"],
      arrays: [],
    },
    sweep: [{ path: "init.alpha", values: [1e-3, 1] }],
  });
  const least = Math.hypot(...minimumL2(loadDataset(experiment.runs[0].data, new Map())).beta);
  const [small, large] = rows.map((own) => own.at(-1)!);
  for (const { loss } of [small, large]) expect(loss).toBeLessThan(1e-9);
  expect(small.min_l2_distance / least).toBeLessThan(1e-3);
  expect(large.min_l2_distance / least).toBeGreaterThan(0.1);
  expect(large.flow_error).toBeLessThan(1e-3);
});

test("a ReLU network whose units stay active is the linear network of its weights", async () => {
  // Positive inputs and weights; targets near what they make.
  const data = { kind: "file", train: "positive.csv" };
  const text = ["x1,x2,x3,y", "1,2,1,9", "2,1,1,8", "1,1,3,11", "2,2,2,13", "3,1,2,12"].join("\n");
  const files = new Map([
    ["positive.csv", new TextEncoder().encode(text)],
    ["w0.npy", npyFile(Float64Array.from({ length: 20 }, (_, k) => 0.6 + ((k * 3) % 4) / 10))],
  ]);
  const document = (kind: string) => ({
    data,
    model: { kind, widths: [5] },
    init: { shape: { file: "w0.npy" } },
    train: { stepSize: 1e-3, epochs: 50 },
    record: {
      every: 10,
      quantities: ["loss", "weight_distance", "ntk_drift", "linear_distance", "function_distance"],
      arrays: ["weights"],
    },
  });
  const one = await trained(document("relu"), files);
  const other = await trained(document("linear"), files);
  expect(other.rows).toEqual(one.rows);
  expect(other.weights).toEqual(one.weights);
});

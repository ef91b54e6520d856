/** Many updates a dispatch are the same updates one by one, bit for bit on the software adapter: records, ends, and why. */
import { afterAll, expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { openDevice } from "../../src/engine.ts";
import { trained } from "./experiment.ts";

const small: Record<string, Json> = {
  data: { kind: "linear-uniform", samples: 9, dimension: 14, noise: 0.1 },
  train: { stepSize: 2e-3, epochs: 211 },
  record: {
    every: 70,
    quantities: [
      "loss",
      "weight_distance",
      "linear_distance",
      "function_distance",
      "flow_error",
      "ntk_drift",
    ],
    arrays: ["ntk", "weights", "predictor"],
  },
  sweep: [{ path: "init.alpha", values: [0.05, 0.5, 1, 3] }],
};

const cases: [string, Record<string, Json>][] = [
  ["depth 2, a twin, the conserved quantity", { model: { kind: "diagonal" } }],
  [
    "the most inputs that an invocation holds, depth 4, a penalty, the conserved quantity",
    {
      data: { kind: "linear-uniform", samples: 6, dimension: 32, noise: 0.1 },
      model: { kind: "diagonal", depth: 4 },
      loss: { kind: "squared", l2: 0.01 },
      train: { stepSize: 1e-3, epochs: 300 },
    },
  ],
  [
    "one input, one sample, no twin",
    {
      data: { kind: "linear-uniform", samples: 1, dimension: 1 },
      model: { kind: "diagonal" },
      record: { every: 70, quantities: ["loss"], arrays: ["predictor"] },
      sweep: [{ path: "init.alpha", values: [0.05, 0.2, 0.5, 1, 3] }],
    },
  ],
  ["depth 3, a penalty", { model: { kind: "diagonal", depth: 3 }, loss: { kind: "squared", l2: 0.01 } }],
  [
    // The third diverges, the others converge one after the other or not at all.
    "runs that stop, converge and diverge, on data of their own, the sum of the losses",
    {
      model: { kind: "diagonal" },
      loss: { kind: "squared", reduction: "sum" },
      train: { stepSize: 1e-3, epochs: 611, stopLoss: 0.05 },
      sweep: [
        {
          paths: ["init.alpha", "train.stepSize"],
          values: [
            [0.3, 1e-3],
            [1, 1e-3],
            [4, 1e-2],
          ],
        },
        { path: "data.seed", values: [1, 2] },
      ],
    },
  ],
];

// Taken for hardware, a software adapter runs workgroups of 64, several vectors of its own: a barrier left out is seen.
const wide = await openDevice({ gpu: navigator.gpu });
const { software } = wide.adapter;
Object.assign(wide.adapter, { software: false });
afterAll(() => wide.destroy());

/** An update a dispatch or a few, many, and a few where it would be one. */
const everyPace = [{ submitBudget: 0.01 }, { submitBudget: 100 }, { submitBudget: 0.01, longestSubmit: 100 }];

const ways = { shared: "diagonal_descent.wgsl#fused_steps", owned: "diagonal_runs.wgsl#main" };

for (const [name, part] of cases)
  test(`many updates a dispatch are those of single steps: ${name}`, async () => {
    const document = { ...small, ...part };
    for (const device of [undefined, wide]) {
      const on = device ? { device } : {};
      const {
        report: single,
        experiment: _,
        ...stepped
      } = await trained(document, new Map(), { ...on, fused: false });
      for (const kernel of Object.values(ways)) expect(Object.keys(single.kernels)).not.toContain(kernel);
      for (const [way, kernel] of Object.entries(ways)) {
        // Neighbours own their runs where a load is dear.
        if (way === "owned" && (device || !software)) continue;
        for (const paces of device ? [{ submitBudget: 100 }] : everyPace) {
          const { report, experiment, ...result } = await trained(document, new Map(), {
            ...on,
            ...(way === "owned" ? { fused: true } : {}),
            ...paces,
          });
          expect(Object.keys(report.kernels)).toContain(kernel);
          if (software) expect(result).toEqual(stepped);
          if (experiment.runs.length === 6) {
            expect(result.status).toContain("diverged");
            expect(result.status).toContain("converged");
          }
        }
      }
    }
  });

const networks: Record<string, Json> = {
  data: { kind: "sparse-signs", samples: 21, dimension: 7, testSamples: 5 },
  model: { kind: "relu", widths: [6] },
  init: { shape: "he" },
  train: { stepSize: 0.05, epochs: 211 },
  record: { every: 70, quantities: ["loss", "weight_distance", "test_accuracy"], arrays: ["ntk", "weights"] },
  sweep: [{ path: "init.alpha", values: [0.05, 0.5, 1, 3] }],
};

const steps: [string, Record<string, Json>][] = [
  ["full batches", {}],
  [
    "one unit, one input",
    {
      data: { kind: "sparse-signs", samples: 4, dimension: 2 },
      model: { kind: "relu", widths: [1] },
      record: { every: 70, quantities: ["loss"], arrays: ["weights"] },
    },
  ],
  [
    "the most units and inputs, logistic loss, a penalty, less the start",
    {
      data: { kind: "sparse-signs", samples: 21, dimension: 20, testSamples: 5 },
      model: { kind: "relu", widths: [12] },
      loss: { kind: "logistic", l2: 0.01 },
      init: { shape: "he", subtract: true },
    },
  ],
  [
    "minibatches, the last one ragged",
    {
      train: { stepSize: 0.05, epochs: 100, batchSize: 8, stopLoss: 0.05 },
      record: { every: 10, quantities: ["loss"], arrays: ["weights"] },
    },
  ],
  [
    "runs that stop, converge and diverge, on data of their own",
    {
      train: { stepSize: 0.05, epochs: 611, stopLoss: 0.05 },
      sweep: [
        {
          paths: ["init.alpha", "train.stepSize"],
          values: [
            [0.5, 0.05],
            [1, 0.05],
            [2, 50],
          ],
        },
        { path: "data.seed", values: [1, 2] },
      ],
    },
  ],
];

for (const [name, part] of steps)
  test(`whole steps of networks with one hidden layer are those layer by layer: ${name}`, async () => {
    const document = { ...networks, ...part };
    const {
      report: single,
      experiment: _,
      ...stepped
    } = await trained(document, new Map(), { fused: false });
    expect(Object.keys(single.kernels)).not.toContain("relu_runs.wgsl#main");
    for (const paces of everyPace) {
      const { report, experiment, ...result } = await trained(document, new Map(), {
        ...paces,
        fused: true,
      });
      if (!software) continue;
      expect(Object.keys(report.kernels)).toContain("relu_runs.wgsl#main");
      expect(result).toEqual(stepped);
      if (experiment.runs.length === 6) {
        expect(result.status).toContain("diverged");
        expect(result.status).toContain("converged");
      }
    }
  });

import { expect, inject, test } from "vitest";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import type { EngineReport } from "../../src/engine.ts";
import type { PipelineCache } from "../../src/gpu/pipelines.ts";
import { type Guard, guardOf } from "../../src/guard/guard.ts";
import { flowStage } from "../../src/kernels/flow.ts";
import { npyFile, seed500, seed500Files, trained } from "./experiment.ts";
import { sharedDevice } from "./shared-device.ts";

const data = { kind: "linear-uniform", samples: 7, dimension: 8, seed: 3 };
const signs = { kind: "sparse-signs", samples: 7, dimension: 8, seed: 3 };
const diagonal = (depth: number) => ({ kind: "diagonal", depth });
const relu = (...widths: number[]) => ({ kind: "relu", widths });

/** Everything that changes what a step computes. */
const documents: [string, Record<string, Json>][] = [
  ["two layers", { data, model: diagonal(2), train: { stepSize: 0.01, epochs: 50 } }],
  ["one layer", { data, model: diagonal(1), train: { stepSize: 0.01, epochs: 50 } }],
  ["five layers", { data, model: diagonal(5), train: { stepSize: 1e-3, epochs: 50 } }],
  [
    "alpha = 1000",
    { data, model: diagonal(2), init: { alpha: 1000 }, train: { stepSize: 1e-8, epochs: 50 } },
  ],
  [
    "alpha = 0.001",
    { data, model: diagonal(2), init: { alpha: 1e-3 }, train: { stepSize: 0.02, epochs: 50 } },
  ],
  [
    "different weights, a penalty, minibatches",
    {
      data: { ...data, noise: 0.1 },
      model: diagonal(3),
      init: { shape: { std: 0.5 } },
      loss: { l2: 1e-3 },
      train: { stepSize: 1e-3, epochs: 30, batchSize: 5 },
    },
  ],
  [
    "logistic loss, minibatches",
    {
      data: signs,
      model: diagonal(2),
      loss: { kind: "logistic" },
      train: { stepSize: 0.05, epochs: 50, batchSize: 3 },
    },
  ],
  [
    "logistic loss, different weights, a penalty",
    {
      data: signs,
      model: diagonal(2),
      init: { shape: { std: 0.5 } },
      loss: { kind: "logistic", l2: 1e-3 },
      train: { stepSize: 0.02, epochs: 50 },
    },
  ],
  [
    "noise on labels, minibatches",
    {
      data,
      model: diagonal(2),
      train: { stepSize: 0.01, epochs: 50, batchSize: 3, labelNoise: 0.5, noiseEpochs: 20 },
    },
  ],
  [
    "noise on labels, one hidden layer",
    { data, model: relu(6), init: { shape: "he" }, train: { stepSize: 0.01, epochs: 50, labelNoise: 0.5 } },
  ],
  [
    "scaled output, a sum",
    {
      data,
      model: diagonal(2),
      init: { alpha: 30, scaling: "output" },
      loss: { reduction: "sum" },
      train: { stepSize: 2e-3, epochs: 50 },
    },
  ],
  [
    "three linear layers, unbiased",
    {
      data,
      model: { kind: "linear", widths: [5, 6], unbiased: true },
      init: { shape: "he" },
      train: { stepSize: 0.005, epochs: 50 },
    },
  ],
  [
    "linear regression",
    {
      data,
      model: { kind: "linear", widths: [] },
      init: { shape: "he" },
      train: { stepSize: 0.01, epochs: 50 },
    },
  ],
  [
    "one hidden layer",
    { data, model: relu(6), init: { shape: "he" }, train: { stepSize: 0.01, epochs: 50 } },
  ],
  [
    "the last layer alone, a penalty",
    {
      data,
      model: relu(5, 6),
      loss: { l2: 1e-3 },
      init: { shape: "fan-in-uniform", layerScales: [2, 1, 0.5] },
      train: { stepSize: 0.01, epochs: 50, layers: "last" },
    },
  ],
  [
    "two hidden layers, unbiased",
    {
      data,
      model: { ...relu(5, 6), unbiased: true },
      init: { shape: "he" },
      train: { stepSize: 0.005, epochs: 50 },
    },
  ],
  [
    "three hidden layers, minibatches",
    {
      data,
      model: relu(5, 6, 7),
      init: { shape: "he" },
      train: { stepSize: 0.002, epochs: 20, batchSize: 5 },
    },
  ],
  [
    "logistic loss, a penalty",
    {
      data: signs,
      model: relu(6),
      init: { shape: "he", alpha: 0.5 },
      loss: { kind: "logistic", l2: 1e-3 },
      train: { stepSize: 0.05, epochs: 50 },
    },
  ],
  [
    "scaled output, less its start",
    {
      data,
      model: relu(6),
      init: { shape: "he", alpha: 10, scaling: "output", subtract: true },
      train: { stepSize: 0.01, epochs: 50 },
    },
  ],
];

/** Everything that changes what a flow's slope computes, and how large its steps become. */
const flows: [string, Record<string, Json>][] = [
  [
    "two linear layers",
    { data, model: { kind: "linear", widths: [5] }, init: { shape: "he" }, train: { maxSteps: 12 } },
  ],
  ["two layers", { data, model: diagonal(2) }],
  ["one layer", { data, model: diagonal(1) }],
  ["five layers", { data, model: diagonal(5) }],
  ["alpha = 1000", { data, model: diagonal(2), init: { alpha: 1000 } }],
  ["alpha = 0.01", { data, model: diagonal(2), init: { alpha: 0.01 } }],
  ["logistic loss", { data: signs, model: diagonal(2), loss: { kind: "logistic" } }],
  ["a loose tolerance", { data, model: diagonal(3), train: { tolerance: 1e-3 } }],
  ["a short time", { data, model: diagonal(2), train: { time: 0.01 } }],
  [
    "w+ and w- themselves, the twin",
    { data, model: diagonal(3), record: { quantities: ["linear_loss", "flow_error", "ntk_drift"] } },
  ],
  [
    "different weights, a penalty",
    { data, model: diagonal(3), init: { shape: { std: 0.5 } }, loss: { l2: 1e-3 } },
  ],
  ["copies apart", { data: seed500, model: diagonal(2), init: { shape: { file: "apart.npy" } } }],
  [
    "scaled output, a sum",
    {
      data,
      model: diagonal(2),
      init: { alpha: 30, scaling: "output" },
      loss: { reduction: "sum" },
    },
  ],
  ["one hidden layer", { data, model: relu(6), init: { shape: "he" } }],
  ["two hidden layers, unbiased", { data, model: { ...relu(5, 6), unbiased: true }, init: { shape: "he" } }],
  ["three hidden layers", { data, model: relu(5, 6, 7), init: { shape: "he" } }],
  [
    "logistic loss, a penalty",
    {
      data: signs,
      model: relu(6),
      init: { shape: "he", alpha: 0.5 },
      loss: { kind: "logistic", l2: 1e-3 },
    },
  ],
  [
    "scaled output, less its start",
    {
      data,
      model: relu(6),
      init: { shape: "he", alpha: 10, scaling: "output", subtract: true },
    },
  ],
];

const read = (document: Record<string, Json>) =>
  parseExperiment(
    JSON.stringify({ name: "guarded", record: { quantities: ["loss"] }, ...document }),
    "test.json",
  );

const files = async () =>
  new Map([
    ...(await seed500Files()),
    ["apart.npy", npyFile(Float64Array.from({ length: 40 }, (_, k) => 0.5 + 0.02 * k))] as const,
  ]);

/** What is found where the GPU trains the sampled run as a document of its own that may be spoiled. */
async function found(
  document: Record<string, Json>,
  {
    spoilt = (own) => own,
    told = () => {},
  }: {
    spoilt?: (own: Record<string, Json>) => Record<string, Json>;
    told?: (report: EngineReport) => void;
  } = {},
): Promise<Guard> {
  const known = await files();
  return guardOf(read(document), known, async (own, sweepSize) => {
    const { rows, weights, predictors, report } = await trained(spoilt(own as Record<string, Json>), known, {
      sweepSize,
    });
    told(report);
    const times: number[] = [];
    for (const { epoch, time } of rows[0]) times[epoch] = time!;
    return { times, weights: weights[0], predictor: predictors[0] };
  });
}

async function compared(...given: Parameters<typeof found>): Promise<Extract<Guard, { bound: number }>> {
  const guard = await found(...given);
  if (!("bound" in guard)) throw new Error(guard.omitted);
  return guard;
}

for (const [name, document] of documents)
  test(`${name}: float32 stays within its bound, and a step size off by a hundredth does not`, async () => {
    const guard = await compared(document);
    expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    const spoiled = await compared(document, {
      spoilt(own) {
        const train = own.train as { stepSize: number };
        return { ...own, train: { ...train, stepSize: 1.01 * train.stepSize } };
      },
    });
    expect(spoiled.gap).toBeGreaterThan(spoiled.bound);
  });

const alphas = [{ path: "init.alpha", logspace: [-1, 0, 20] }];
const sweeps: [string, string, Record<string, Json>][] = [
  [
    "runs that are owned",
    "diagonal_runs.wgsl#main",
    { data, model: diagonal(2), train: { stepSize: 0.01, epochs: 1e5 }, sweep: alphas },
  ],
  [
    "runs whose neighbours trade rows",
    "predictor_products.wgsl#quads",
    {
      data: { ...data, dimension: 40 },
      model: diagonal(2),
      train: { stepSize: 1e-3, epochs: 1e5 },
      sweep: alphas,
    },
  ],
  [
    "networks that are owned",
    "relu_runs.wgsl#main",
    {
      data,
      model: relu(6),
      init: { shape: "he" },
      train: { stepSize: 0.01, epochs: 1e5 },
      sweep: alphas,
    },
  ],
];

for (const [name, kernel, document] of sweeps)
  test(`${name}: one of them is guarded by the sweep's kernels`, async () => {
    const reports: EngineReport[] = [];
    const guard = await compared(document, { told: (report) => reports.push(report) });
    expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    const { adapter, kernels } = reports[0];
    if (adapter.software) expect(Object.keys(kernels)).toContain(kernel);
  });

/** Faults in the stages of a step: a weight of its end off by a hundredth, a point on the way off by a tenth. */
const faults = [
  ["(4.0 / 9.0)", "(4.04 / 9.0)"],
  ["(2.0 / 9.0)", "(2.02 / 9.0)"],
  ["0.75 * h", "0.825 * h"],
] as const;

/** Does something while the stages are compiled with a fault, and everything else as it is. */
async function withFault<T>([right, wrong]: (typeof faults)[number], act: () => Promise<T>): Promise<T> {
  const code = flowStage.code.replace(right, wrong);
  expect(code).not.toBe(flowStage.code);
  const device = await sharedDevice();
  const { pipelines } = device;
  const get: PipelineCache["get"] = (kernel, overrides) =>
    kernel === flowStage
      ? pipelines.get({ ...kernel, file: `${wrong} in ${kernel.file}`, code }, overrides)
      : pipelines.get(kernel, overrides);
  Object.assign(device, { pipelines: { get } });
  try {
    return await act();
  } finally {
    Object.assign(device, { pipelines });
  }
}

for (const [place, [name, document]] of flows.entries())
  test(`a flow, ${name}: float32 stays within its bound, and faulty stages do not`, async () => {
    const flow = { ...document, train: { method: "gradient-flow", ...(document.train as object) } };
    const guard = await compared(flow);
    expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    expect(guard.bound).toBeLessThan(3e-4);
    // Flows share the faults out among them.
    const isOwn = (fault: number) => inject("isThorough") || place % faults.length === fault;
    for (const fault of faults.filter((_, k) => isOwn(k))) {
      const spoiled = await withFault(fault, () => compared(flow));
      expect(spoiled.gap, fault[1]).toBeGreaterThan(spoiled.bound);
    }
  });

test("epochs and steps too long, and runs that diverge, are named as not guarded", async () => {
  const omitted = async (document: Record<string, Json>) => {
    const guard = await found(document);
    return "omitted" in guard ? guard.omitted : "";
  };
  const train = { stepSize: 0.01, epochs: 50 };
  // Its bounds of first order would blame the adapter for what rounding alone does to a run that explodes.
  expect(await omitted({ data, model: diagonal(3), train: { stepSize: 3, epochs: 2000 } })).toMatch(
    /^its step size is past the stability limit: /,
  );
  const large = { data: { ...data, samples: 2000, dimension: 500 }, model: relu(200), init: { shape: "he" } };
  expect(await omitted({ ...large, train })).toMatch(/^an epoch in float64 takes \de\+\d+ operations; /);
  expect(await omitted({ ...large, train: { method: "gradient-flow" } })).toMatch(
    /^a step in float64 takes \de\+\d+ operations; /,
  );
  // One step of 1e-6 moves hardly more than float32 rounds away where weights are read.
  const brief = { method: "gradient-flow", maxSteps: 1 };
  const loss = { kind: "logistic" };
  expect(await omitted({ data: signs, model: relu(6), init: { shape: "he" }, loss, train: brief })).toBe(
    "what rounding may do to its first steps has no close bound",
  );
});

test("the run is chosen by the document, and not one that is predicted to diverge", async () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);
  const guards = seeds.map((seed) => {
    const document = read({
      data: { ...data, seed },
      model: diagonal(2),
      train: { stepSize: 0.005, epochs: 5 },
      sweep: [{ path: "init.alpha", values: [0.1, 1e3, 1, 1e4, 0.5] }],
    });
    return guardOf(document, new Map(), async () => ({ times: [], predictor: new Float32Array(8) }));
  });
  const runs = (await Promise.all(guards)).map(({ run }) => run);
  expect([...new Set(runs)].sort()).toEqual([0, 2, 4]);
});

test("what is dear and beside the training is left out of the run that is compared", async () => {
  const document = read({
    data: { ...data, testSamples: 3 },
    model: diagonal(2),
    train: { stepSize: 0.01, epochs: 5 },
    record: {
      quantities: ["loss", "linear_distance", "ntk_drift", "test_loss", "min_l2_distance"],
      arrays: ["ntk", "test_ntk", "weights"],
    },
  });
  let asked: Json | undefined;
  await guardOf(document, new Map(), async (own) => {
    asked = own;
    return { times: [], predictor: new Float32Array(8) };
  });
  expect(asked).toMatchObject({
    record: { quantities: ["loss", "linear_distance"], arrays: ["predictor", "weights"] },
  });
});

/** The bytes that are predicted before a run are those that it takes. */

import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { runExperiment } from "../../src/engine.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { demandOf } from "../../src/scheduler/memory.ts";
import { sharedDevice } from "./shared-device.ts";

const data = { kind: "linear-uniform", samples: 23, dimension: 22, testSamples: 21 };
/** Sizes of test/engine/relu.test.ts, which share its kernels. */
const few = { ...data, dimension: 7, testSamples: 22 };
const train = { stepSize: 1e-4, epochs: 2 };
const flow = { method: "gradient-flow", time: 1e-4, maxSteps: 3 };
const twin = ["loss", "linear_distance", "function_distance"];

const documents: Record<string, Record<string, Json>> = {
  "a loss alone": { data, model: { kind: "diagonal" }, train, record: { quantities: ["loss"], arrays: [] } },
  "everything of a diagonal network": {
    data,
    model: { kind: "diagonal", depth: 3 },
    train: { ...train, batchSize: 9 },
    record: {
      quantities: [...twin, "ntk_drift", "test_loss", "flow_error", "predictor_l1", "weight_l2"],
      arrays: ["ntk", "predictor", "weights"],
    },
  },
  "a diagonal network's flow": {
    data,
    model: { kind: "diagonal", depth: 3 },
    train: flow,
    record: { quantities: [...twin, "ntk_drift"], arrays: [] },
  },
  "a ReLU network": {
    data,
    model: { kind: "relu", widths: [22] },
    init: { shape: "he" },
    train,
    record: { quantities: ["loss"], arrays: [] },
  },
  "everything of a deep network": {
    data: few,
    model: { kind: "relu", widths: [7, 6], unbiased: true },
    init: { shape: "he" },
    train: { ...train, batchSize: 9 },
    record: {
      quantities: [...twin, "ntk_drift", "test_loss", "path_norm", "margin"],
      arrays: ["ntk", "weights"],
    },
  },
  "large matrices": {
    data: { kind: "matrix-completion", rows: 48, columns: 47, rank: 1, observed: 900 },
    model: { kind: "matrix", factors: 2, width: 9, unbiased: true },
    init: { shape: { std: 0.3 } },
    train,
    record: { quantities: ["loss", "weight_distance", "linear_distance"], arrays: ["weights"] },
  },
  "a deep network's flow": {
    data: few,
    model: { kind: "relu", widths: [7, 6] },
    init: { shape: "he" },
    train: flow,
    record: { quantities: twin, arrays: [] },
  },
};

/** What a sweep of so many runs takes, and was predicted to take, each run with data of its own. */
async function bytesOf(document: Record<string, Json>, runs: number): Promise<[number, number]> {
  const experiment = readExperiment(
    { name: "memory", ...document, sweep: [{ path: "data.seed", range: [0, runs, 1] }] },
    "memory.json",
  );
  const device = await sharedDevice();
  let most = 0;
  const measure = () => void (most = Math.max(most, device.bytes));
  await runExperiment(experiment, new Map(), {
    gpu: undefined,
    device,
    sink: { record: measure, end: measure, checkpoint: measure },
    checkpointInterval: 0,
  });
  const members = await loadRuns(experiment.runs, new Map());
  return [most, demandOf(members, await behaviourOf(members[0].run.model)).total];
}

test.each(Object.entries(documents))(
  "%s: no more than is predicted, and no less than half",
  async (_, document) => {
    const [few, predictedFew] = await bytesOf(document, 40);
    const [many, predictedMany] = await bytesOf(document, 80);
    const predicted = predictedMany - predictedFew;
    expect(many - few).toBeLessThanOrEqual(predicted);
    expect(many - few).toBeGreaterThan(predicted / 2);
  },
);

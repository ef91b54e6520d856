/** Training that goes on from a checkpoint ends with the same bits as training that was never disturbed. */

import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import type { EngineOptions, Files } from "../../src/engine.ts";
import { runExperiment } from "../../src/engine.ts";
import { checkpointFrame, readCheckpoint } from "../../src/results/checkpoint-frame.ts";
import { encodeFrame, FrameReader } from "../../src/results/frame.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Checkpoint } from "../../src/scheduler/checkpoint.ts";
import type { AddedRun, EndBlock, RecordBlock, Sink } from "../../src/scheduler/sink.ts";
import { npyFile } from "./experiment.ts";
import { sharedDevice } from "./shared-device.ts";

/** Everything that a sweep hands over, by run: its records' bits in order, then its end. */
class Ledger implements Sink {
  readonly rows = new Map<string, string>();
  /** Checkpoints, each with what had been handed over before it. */
  readonly checkpoints: { checkpoint: Checkpoint; rows: Map<string, string> }[] = [];

  constructor(rows: Iterable<[string, string]> = []) {
    this.rows = new Map(rows);
  }

  begin(runs: readonly AddedRun[]): void {
    for (const { index, swept } of runs) this.#add(`${index} ${JSON.stringify(swept)}`, []);
  }

  record(block: RecordBlock): void {
    const count = block.runs.length;
    block.runs.forEach((run, row) => {
      const values = [block.epoch, block.time, ...Object.values(block.quantities)].map(
        (column) => column[row],
      );
      const kernels = (["ntk", "test_ntk", "singular_values"] as const).map((name) =>
        part(block.arrays?.[name]?.data, row, count),
      );
      this.#add(`${run} ${block.record}`, [Float64Array.from(values), ...kernels]);
    });
  }

  end(block: EndBlock): void {
    const count = block.runs.length;
    block.runs.forEach((run, row) => {
      const values = Float64Array.of(block.epochs[row], block.time[row]);
      const arrays = (["predictor", "weights"] as const).map((name) =>
        part(block.arrays?.[name]?.data, row, count),
      );
      this.#add(`${run} ${block.status[row]}`, [values, ...arrays]);
    });
  }

  checkpoint(checkpoint: Checkpoint): void {
    // As it travels, and lies on disk.
    const bytes = encodeFrame(checkpointFrame(checkpoint));
    const reader = new FrameReader();
    const [frame] = bytes.flatMap((piece) => reader.push(piece));
    this.checkpoints.push({ checkpoint: readCheckpoint(frame), rows: new Map(this.rows) });
  }

  #add(key: string, values: (Float64Array | Float32Array)[]): void {
    if (this.rows.has(key)) throw new Error(`${key} comes twice`);
    // All bits but those of NaN, which no two of JavaScript's compilers promise to make alike.
    this.rows.set(
      key,
      values
        .map((array) => Array.from(array, (value) => (Object.is(value, -0) ? "-0" : value)).join())
        .join(";"),
    );
  }
}

const part = (array: Float32Array | undefined, row: number, count: number): Float32Array =>
  array?.slice((row * array.length) / count, ((row + 1) * array.length) / count) ?? new Float32Array();

async function trainInto(
  sink: Ledger,
  document: Record<string, Json>,
  options: Partial<EngineOptions>,
  files: Files = new Map(),
): Promise<void> {
  const experiment = readExperiment({ name: "resumed", ...document }, "resumed.json");
  const device = await sharedDevice();
  await runExperiment(experiment, files, { gpu: navigator.gpu, device, sink, ...options });
  expect(device.buffers).toBe(0);
}

/** Sizes in the same fours, and layers as wide, share kernels. */
const linear = { kind: "linear-uniform", samples: 6, dimension: 7, seed: 3, testSamples: 5 };
const completion = { kind: "matrix-completion", rows: 6, columns: 5, rank: 1, observed: 18, seed: 3 };
const twin = ["loss", "test_loss", "weight_distance", "linear_distance", "function_distance", "ntk_drift"];
const scales = [{ path: "init.alpha", values: [0.05, 0.3, 1, 4, 400] }];

const sweeps: Record<string, Record<string, Json>> = {
  "full batches": {
    data: linear,
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 5e-3, epochs: 1000, stopLoss: 1e-2 },
    record: {
      every: 100,
      quantities: [...twin, "flow_error", "predictor_l1"],
      arrays: ["ntk", "predictor", "weights"],
    },
    sweep: scales,
  },
  "minibatches, the running loss, copies that start apart": {
    data: linear,
    model: { kind: "diagonal", depth: 3 },
    init: { shape: { file: "w0.npy" } },
    train: { stepSize: 2e-3, epochs: 600, batchSize: 3, stopLoss: 1e-3, stopRule: "keras" },
    record: { every: 50, quantities: twin, arrays: ["weights"] },
    sweep: [
      { path: "init.alpha", values: [0.5, 0.8, 1] },
      { path: "train.seed", values: [1, 2] },
    ],
  },
  "a ReLU network's minibatches": {
    data: linear,
    model: { kind: "relu", widths: [5, 6], unbiased: true },
    init: { shape: "he" },
    train: { stepSize: 1e-2, epochs: 80, batchSize: 3, stopLoss: 0.05 },
    record: {
      every: 20,
      quantities: [...twin, "path_norm", "active_units", "activation_stability"],
      arrays: ["ntk", "weights"],
    },
    sweep: [{ path: "init.alpha", values: [0.5, 1, 2] }],
  },
  "a ReLU network's full batches": {
    data: linear,
    model: { kind: "relu", widths: [6] },
    init: { shape: "he" },
    train: { stepSize: 1e-2, epochs: 400 },
    record: { every: 40, quantities: [...twin, "flow_error"], arrays: ["test_ntk", "weights"] },
    sweep: [{ path: "init.alpha", values: [0.5, 1] }],
  },
  "gradient flow, recorded in time": {
    data: linear,
    model: { kind: "diagonal", depth: 2 },
    train: { method: "gradient-flow", time: 1, tolerance: 1e-3 },
    record: { every: { log: 5 }, quantities: [...twin, "flow_error"], arrays: ["ntk", "predictor"] },
    sweep: [{ path: "init.alpha", values: [0.05, 0.3, 1, 4] }],
  },
  "gradient flow, recorded in steps": {
    data: linear,
    model: { kind: "diagonal", depth: 3 },
    train: { method: "gradient-flow", stopLoss: 1e-3, tolerance: 1e-4, maxSteps: 300 },
    record: { every: 30, quantities: twin, arrays: ["weights"] },
    sweep: [{ path: "init.alpha", values: [0.3, 1, 2] }],
  },
  "gradient flow of a ReLU network": {
    data: linear,
    model: { kind: "relu", widths: [6] },
    init: { shape: "he" },
    train: { method: "gradient-flow", time: 1, tolerance: 1e-3 },
    record: { every: 15, quantities: twin, arrays: ["weights"] },
    sweep: [{ path: "init.alpha", values: [0.5, 1] }],
  },
  "a factorized matrix's minibatches": {
    data: completion,
    model: { kind: "matrix", factors: 3, unbiased: true },
    init: { shape: { std: 0.4 } },
    train: { stepSize: 0.02, epochs: 200, batchSize: 5, stopLoss: 0.001 },
    record: {
      every: 20,
      quantities: [...twin, "flow_error", "excess_nuclear", "effective_rank"],
      arrays: ["singular_values", "predictor", "weights"],
    },
    sweep: [{ path: "init.alpha", values: [0.8, 1, 1.2] }],
  },
  "gradient flow of a factorized matrix": {
    data: completion,
    model: { kind: "matrix", factors: 2 },
    init: { shape: { std: 0.4 } },
    train: { method: "gradient-flow", stopLoss: 1e-3, tolerance: 1e-4, maxSteps: 200 },
    record: { every: 15, quantities: ["loss", "predictor_nuclear"], arrays: ["singular_values", "weights"] },
    sweep: [{ path: "init.alpha", values: [0.8, 1.2] }],
  },
  "matrices whose state stays in place": {
    data: { ...completion, rows: 48, columns: 47, observed: 900 },
    model: { kind: "matrix", factors: 2, width: 9 },
    init: { shape: { std: 0.3 } },
    train: { stepSize: 20, epochs: 24, batchSize: 300 },
    record: { every: 3, quantities: ["loss", "weight_distance"], arrays: ["weights"] },
    sweep: [{ path: "init.alpha", values: [0.8, 1.2] }],
  },
  "a search of several rounds": {
    data: { ...linear, noise: 0.5 },
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 1e-2, epochs: 200, batchSize: 5, stopLoss: 0.02 },
    record: { every: 50, quantities: ["loss", "test_loss"] },
    sweep: [{ path: "data.dimension", values: [3, 6] }],
    search: {
      path: "data.samples",
      between: [4, 64],
      quantity: "test_loss",
      atMost: 0.5,
      trials: 3,
      ratio: 1.5,
    },
  },
  "noise on labels, and the effective start": {
    data: linear,
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 5e-3, epochs: 600, labelNoise: 0.3, noiseEpochs: 400 },
    record: {
      every: 100,
      quantities: ["peak_loss", "lasso_gap", "sharpness", "effective_alpha", "effective_bias_gap"],
      arrays: ["predictor"],
    },
    sweep: scales,
  },
  "parts of different shapes": {
    data: linear,
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 1e-3, epochs: 300 },
    record: { every: 50, quantities: twin, arrays: ["predictor"] },
    sweep: [
      { path: "model.depth", values: [2, 3, 4] },
      { path: "train.batchSize", values: [2, "full"] },
    ],
  },
};

const start = Float64Array.from({ length: 14 }, (_, k) => 0.5 + ((k * 7) % 11) / 10);

test.each(Object.entries(sweeps))("%s", async (_, document) => {
  const files: Files = new Map([["w0.npy", npyFile(start)]]);
  const undisturbed = new Ledger();
  await trainInto(undisturbed, document, { checkpointInterval: 1e9 }, files);
  expect(undisturbed.checkpoints).toEqual([]);

  const watched = new Ledger();
  await trainInto(watched, document, { checkpointInterval: 0, submitBudget: 8 }, files);
  const expected = [...undisturbed.rows].sort();
  expect([...watched.rows].sort()).toEqual(expected);

  const { checkpoints } = watched;
  expect(checkpoints.length).toBeGreaterThan(3);
  for (const share of [0.1, 0.5, 0.99]) {
    const { checkpoint, rows } = checkpoints[Math.floor(share * checkpoints.length)];
    const resumed = new Ledger(rows);
    await trainInto(resumed, document, { checkpoint, checkpointInterval: 1e9 }, files);
    expect([...resumed.rows].sort()).toEqual(expected);
  }
});

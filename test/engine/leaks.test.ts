/** Sweep after sweep in one page, as a user of the viewer leaves it open: nothing piles up. */

import { expect, onTestFinished, test } from "vitest";
import { commands } from "@vitest/browser/context";
import type { Json } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { openDevice, runExperiment } from "../../src/engine.ts";

const data = { kind: "linear-uniform", samples: 6, dimension: 8, testSamples: 4 };
const record = { every: 5, quantities: ["loss", "linear_distance", "ntk_drift", "test_loss"] };
const sweep = [{ path: "init.alpha", values: [0.3, 1, 300] }];

/** Every method and model, with everything that takes buffers; the last run of each sweep diverges or nearly so. */
const documents: Record<string, Json>[] = [
  {
    data,
    model: { kind: "diagonal" },
    train: { stepSize: 1e-3, epochs: 8, batchSize: 4 },
    record: { ...record, arrays: ["ntk", "predictor", "weights"] },
    sweep,
  },
  {
    data,
    model: { kind: "relu", widths: [5, 4], unbiased: true },
    init: { shape: "he" },
    train: { stepSize: 1e-3, epochs: 8 },
    record: { ...record, arrays: ["ntk", "weights"] },
    sweep,
  },
  {
    data,
    model: { kind: "diagonal", depth: 3 },
    train: { method: "gradient-flow", time: 0.01, maxSteps: 6 },
    record: { ...record, arrays: ["predictor"] },
    sweep,
  },
];

/** Counts every buffer of the page, also those that are made behind the engine's back. */
function countBuffers(): { alive: number } {
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const living = new Set<GPUBuffer>();
  GPUDevice.prototype.createBuffer = function (...parameters) {
    const buffer = createBuffer.apply(this, parameters);
    living.add(buffer);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    living.delete(this);
    return destroy.apply(this);
  };
  onTestFinished(() => {
    GPUDevice.prototype.createBuffer = createBuffer;
    GPUBuffer.prototype.destroy = destroy;
  });
  return {
    get alive() {
      return living.size;
    },
  };
}

test("60 sweeps in one page leave no buffer and no memory", async () => {
  const device = await openDevice({ gpu: navigator.gpu });
  const buffers = countBuffers();
  const sink = { record: () => {}, end: () => {}, checkpoint: () => {} };
  const train = async (sweeps: number): Promise<number> => {
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const experiment = readExperiment(
        { name: "leaks", ...documents[sweep % documents.length] },
        "leaks.json",
      );
      await runExperiment(experiment, new Map(), { gpu: undefined, device, sink, checkpointInterval: 1 });
      expect([buffers.alive, device.buffers, device.bytes]).toEqual([0, 0, 0]);
    }
    return commands.usedHeap();
  };
  // Compiled kernels, and what the engine and the browser keep for good.
  const before = await train(18);
  const after = await train(42);
  device.destroy();
  // Closures alone, kept on a promise that never settles, once were 3000 bytes a sweep; a plan that stays is more.
  expect((after - before) / 42).toBeLessThan(2000);
});

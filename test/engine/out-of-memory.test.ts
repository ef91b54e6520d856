/** A sweep that the adapter has no memory for: trained in smaller parts, and at last refused in one line. */

import { expect, onTestFinished, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { runExperiment } from "../../src/engine.ts";
import type { Checkpoint } from "../../src/scheduler/checkpoint.ts";
import { SLOTS, SLOT_BYTES } from "../../src/plan/clock.ts";
import { STAGING_BUFFERS, STAGING_BYTES } from "../../src/scheduler/readback.ts";
import type { Sink } from "../../src/scheduler/sink.ts";
import { trained } from "./experiment.ts";
import { sharedDevice } from "./shared-device.ts";

const device = await sharedDevice();

const document = {
  data: { kind: "linear-uniform", samples: 12, dimension: 20, testSamples: 4 },
  model: { kind: "diagonal" },
  train: { stepSize: 1e-3, epochs: 60, batchSize: 5 },
  record: { every: 20, quantities: ["loss", "linear_distance", "ntk_drift"], arrays: ["ntk", "weights"] },
  sweep: [{ path: "init.alpha", linspace: [0.1, 1, 12] }],
};

/**
 * From now on the page's GPU says that it is out of memory where buffers would take more than so many bytes together, as
 * a GPU does: the buffer is made all the same, and the error is in the scope around it.
 */
function withMemory(bytes: number): void {
  const { createBuffer, popErrorScope } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const living = new Map<GPUBuffer, number>();
  let hasFailed = false;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    living.set(buffer, descriptor.size);
    hasFailed ||= [...living.values()].reduce((sum, size) => sum + size, 0) > bytes;
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    living.delete(this);
    return destroy.call(this);
  };
  // The innermost scope is that of memory.
  GPUDevice.prototype.popErrorScope = async function () {
    const failed = hasFailed;
    hasFailed = false;
    const error = await popErrorScope.call(this);
    return failed ? new GPUOutOfMemoryError("no memory left") : error;
  };
  onTestFinished(() => {
    Object.assign(GPUDevice.prototype, { createBuffer, popErrorScope });
    Object.assign(GPUBuffer.prototype, { destroy });
  });
}

/** What every part takes: three buffers for records, and the clock of its steps. A run of these takes a few KiB. */
const fixed = STAGING_BUFFERS * STAGING_BYTES + SLOTS * SLOT_BYTES;

test("is trained in halves until they fit, and goes on so: no bit is changed", async () => {
  const whole = await trained(document);
  withMemory(fixed + 20_000);
  const halved = await trained(document);
  expect({ ...halved, report: whole.report }).toEqual(whole);

  // From a checkpoint after the first part.
  const experiment = readExperiment({ name: "test", ...document }, "test.json");
  const rows: number[] = [];
  const checkpoints: { checkpoint: Checkpoint; rows: number }[] = [];
  const sink: Sink = {
    record: ({ runs }) => void rows.push(...runs),
    end: () => {},
    checkpoint: (checkpoint) => void checkpoints.push({ checkpoint, rows: rows.length }),
  };
  const options = { gpu: undefined, device, sink };
  await runExperiment(experiment, new Map(), { ...options, checkpointInterval: 0, submitBudget: 1 });
  const all = rows.splice(0);
  const saved = checkpoints.find(({ checkpoint }) => checkpoint.parts === 1)!;
  expect(saved.checkpoint.sizes!.reduce((sum, size) => sum + size, 0)).toBe(12);
  await runExperiment(experiment, new Map(), { ...options, checkpoint: saved.checkpoint });
  expect(rows).toEqual(all.slice(saved.rows));
});

test("asks for all of its memory before its first record, where halves can still be trained", async () => {
  const { createBuffer } = GPUDevice.prototype;
  onTestFinished(() => void Object.assign(GPUDevice.prototype, { createBuffer }));
  let made = 0;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    made += 1;
    return createBuffer.call(this, descriptor);
  };
  const counts: number[] = [];
  const count = () => void counts.push(made);
  for (const train of [document.train, { method: "gradient-flow", time: 1e-3, maxSteps: 4 }]) {
    const experiment = readExperiment({ name: "test", ...document, train }, "test.json");
    await runExperiment(experiment, new Map(), {
      gpu: undefined,
      device,
      sink: { record: count, end: count },
    });
    expect(counts.length).toBeGreaterThan(2);
    expect(new Set(counts.splice(0)).size).toBe(1);
  }
});

test("is refused where one run alone does not fit", async () => {
  withMemory(fixed);
  await expect(trained(document)).rejects.toThrow(
    /^the adapter has no memory for one run more \(.*no memory left\); close what else uses it, or use fewer samples/,
  );
});

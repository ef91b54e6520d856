/** What is written to buffers: something, and to buffers that there are. */

import { expect, onTestFinished, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { openDevice } from "../../src/engine.ts";
import { Planner } from "../../src/plan/planner.ts";
import { trained } from "./experiment.ts";

/** Bytes of every write to a buffer, by its label. */
function watchWrites(): [label: string, bytes: number][] {
  const writes: [string, number][] = [];
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (...parameters) {
    const [buffer, , data, from = 0, size] = parameters;
    const unit = "BYTES_PER_ELEMENT" in data ? (data.BYTES_PER_ELEMENT as number) : 1;
    writes.push([buffer.label, unit * (size ?? data.byteLength / unit - from)]);
    return writeBuffer.apply(this, parameters);
  };
  onTestFinished(() => {
    GPUQueue.prototype.writeBuffer = writeBuffer;
  });
  return writes;
}

/** Without a test set; runs that stop early leave tables empty. */
const common = {
  data: { kind: "linear-uniform", samples: 6, dimension: 8 },
  sweep: [{ path: "init.alpha", values: [0.3, 1, 300] }],
};
const documents: Record<string, Json>[] = [
  { model: { kind: "diagonal" }, train: { stepSize: 1e-3, epochs: 8, stopLoss: 100 } },
  { model: { kind: "diagonal", depth: 3 }, train: { method: "gradient-flow", time: 0.01, maxSteps: 6 } },
  {
    model: { kind: "relu", widths: [5], unbiased: true },
    init: { shape: "he" },
    train: { stepSize: 1e-3, epochs: 8, batchSize: 4 },
  },
];

test("nothing is written where there is nothing to write", async () => {
  const writes = watchWrites();
  for (const document of documents) await trained({ ...common, ...document });
  expect(writes.length).toBeGreaterThan(50);
  expect(writes.filter(([, bytes]) => bytes === 0)).toEqual([]);
});

test("a plan that is given up while it is made writes nothing any more", async () => {
  const device = await openDevice({ gpu: navigator.gpu });
  onTestFinished(() => device.destroy());
  const writes = watchWrites();
  await device.checked("giving up a plan", () => {
    const planner = new Planner(device, { samples: 3, inputs: 2, runs: 1 });
    planner.filled("in time", Float32Array.of(1));
    planner.release();
    planner.filled("too late", Float32Array.of(1));
  });
  expect(writes).toEqual([["in time", 4]]);
});

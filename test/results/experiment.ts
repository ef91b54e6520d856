import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Experiment, Json, Run } from "../../src/document/types.ts";
import type { RecordBlock } from "../../src/scheduler/sink.ts";
import type { Manifest } from "../../src/results/types.ts";

/** A folder of this test's own, gone when it is finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "alphasweep-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An experiment of so many runs, checked and expanded, with the swept values given. */
export function experimentOf({
  swept = [{ "init.alpha": 0.5 }, { "init.alpha": 1 }, { "init.alpha": 2 }],
  quantities = ["loss", "ntk_drift"],
  epochs = 4,
  every = 2,
}: {
  swept?: Record<string, Json>[];
  quantities?: string[];
  epochs?: number;
  every?: number;
} = {}): Experiment {
  const runs = swept.map((values, index): Run => ({
    index,
    swept: values,
    data: { kind: "linear-uniform", samples: 2, dimension: 3, noise: 0, seed: 1, testSamples: 0 },
    model: { kind: "diagonal", depth: 2 },
    loss: { kind: "squared", reduction: "mean", l2: 0 },
    init: { alpha: 1, shape: "ones", scaling: "weights", subtract: false, seed: 1 },
    train: {
      method: "gradient-descent",
      stepSize: 0.1,
      epochs,
      batchSize: "full",
      stopLoss: null,
      stopRule: "full",
      seed: 1,
    },
    record: { every, quantities, arrays: ["ntk"], kernelOutputs: "trace" },
  }));
  return { name: "small", document: { name: "small" }, axes: [], runs };
}

export const origin: Pick<Manifest, "adapter" | "browser" | "versions" | "warnings"> = {
  adapter: {
    vendor: "google",
    architecture: "swiftshader",
    device: "",
    description: "",
    software: true,
    features: [],
    limits: { maxBindGroups: 4 },
  },
  browser: "Chrome/156",
  versions: { alphasweep: "0.1.0" },
  warnings: [],
};

/** Record `record` of some runs, taken at epoch 2 record, with values made of run and record. */
export function blockOf(
  runs: number[],
  record: number,
  quantities: Record<string, (run: number) => number>,
  ntk?: Float32Array,
): RecordBlock {
  return {
    runs: Uint32Array.from(runs),
    record,
    epoch: new Float64Array(runs.length).fill(2 * record),
    time: new Float64Array(runs.length).fill(0.2 * record),
    quantities: Object.fromEntries(
      Object.entries(quantities).map(([name, value]) => [name, Float64Array.from(runs, value)]),
    ),
    ...(ntk && { arrays: { ntk: { shape: [2, 2], data: ntk } } }),
  };
}

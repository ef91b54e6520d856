import { describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { checkExperiment } from "../../src/engine.ts";
import { diagonalBehaviour } from "../../src/models/diagonal-behaviour.ts";
import { splitByMemory } from "../../src/scheduler/memory.ts";
import { trained } from "./experiment.ts";

const document = (alpha: number, depth: number, quantities: string[], arrays: string[] = []) => ({
  data: { kind: "linear-uniform", samples: 5, dimension: 8 },
  model: { kind: "diagonal", depth },
  init: { alpha },
  train: { stepSize: 1e-4, epochs: 20 },
  record: { every: 20, quantities, arrays },
});
const check = async (written: ReturnType<typeof document>) =>
  checkExperiment(readExperiment({ name: "test", ...written }, "test.json"), new Map());

describe("what float32 cannot hold", () => {
  test("depth as a sweep axis up to 12, alpha from 1e-3 to 1: every recorded number is finite", async () => {
    const { rows } = await trained({
      ...document(1, 2, ["loss", "weight_distance", "linear_distance", "weight_l2"]),
      sweep: [
        { path: "model.depth", range: [1, 13, 1] },
        { path: "init.alpha", values: [1e-3, 0.1, 1] },
      ],
    });
    for (const records of rows)
      for (const row of records)
        for (const value of Object.values(row)) expect(Number.isFinite(value)).toBe(true);
  });

  test("a kernel beyond float32 is refused with the number and the mend", async () => {
    await expect(check(document(1e-3, 10, ["loss", "ntk_drift"]))).rejects.toThrow(
      "init.alpha is 0.001: at depth 10, the tangent kernel grows by up to 1e+54 over its start, which float32 cannot " +
        "hold; leave out ntk_drift",
    );
    await expect(check(document(100, 10, ["loss"], ["ntk"]))).rejects.toThrow('leave out "ntk"');
  });

  test("a scale beyond float32 is refused with the number and the mend", async () => {
    await expect(check(document(1e6, 12, ["loss"]))).rejects.toThrow(
      /^init.alpha is 1000000: at depth 12, .* is \d.*e\+\d+, which float32 cannot hold; use an alpha closer to 1/,
    );
  });
});

describe("what the adapter cannot hold", () => {
  const members = (runs: number, samples: number, arrays: string[]) => {
    const { runs: all } = readExperiment(
      {
        name: "test",
        data: { kind: "linear-uniform", samples, dimension: 3 },
        model: { kind: "diagonal" },
        train: { stepSize: 1e-3, epochs: 1 },
        record: { arrays },
        sweep: [{ path: "init.alpha", linspace: [1, 2, runs] }],
      },
      "test.json",
    );
    const dataset = loadDataset(all[0].data, new Map());
    return all.map((run) => ({ run, dataset, w0: new Float64Array(6).fill(1) }));
  };

  test("is split into parts that keep the order of the runs", () => {
    const all = members(100, 64, ["ntk"]);
    // A kernel takes 16 KiB: 10 fit.
    const parts = splitByMemory(all, diagonalBehaviour, 10 * 4 * 64 * 64);
    expect(parts.map((part) => part.length)).toEqual(Array.from({ length: 10 }, () => 10));
    expect(parts.flat()).toEqual(all);
  });

  test("a network with more weights than it has workgroups for is refused, not trained to nothing", async () => {
    await expect(
      trained({
        data: { kind: "linear-uniform", samples: 1, dimension: 1 },
        model: { kind: "relu", widths: [2049, 2048] },
        init: { shape: "he" },
        // A flow moves one weight an invocation.
        train: { method: "gradient-flow", time: 1e-9, maxSteps: 1 },
        record: { quantities: ["loss"], arrays: [] },
      }),
    ).rejects.toThrow(
      /^\w+\.wgsl needs \d+ workgroups along an axis; this adapter dispatches at most 65535: use fewer/,
    );
  });

  test("or refused with the bytes that one run needs", () => {
    expect(() => splitByMemory(members(2, 64, ["ntk"]), diagonalBehaviour, 3 * 64 * 64)).toThrow(
      'one run needs a buffer of 16 KiB; this adapter binds at most 12 KiB: use fewer than 64 samples, or drop "ntk"',
    );
  });
});

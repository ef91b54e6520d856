/** Runs that differ in what is compiled in: trained in one sweep, each is what it is alone. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { npyFile, trained } from "./experiment.ts";

const scattered = (count: number, seed: number) =>
  Float64Array.from({ length: count }, (_, k) => Math.sin(12.9898 * (k + 1) + 78.233 * seed));

const files = new Map([
  ["wide.npy", npyFile(scattered(5 * 16, 1), [5, 1, 2, 8])],
  ["square.npy", npyFile(scattered(5 * 16, 1), [5, 1, 4, 4])],
  ["channels.npy", npyFile(scattered(5 * 16, 1), [5, 4, 2, 2])],
  ["y.npy", npyFile(scattered(5, 2))],
]);

const dense = {
  data: { kind: "sparse-signs", samples: 6, dimension: 5, seed: 3 },
  model: { kind: "relu", widths: [4] },
  init: { shape: "he" },
  train: { stepSize: 0.05, epochs: 20 },
};
const images = {
  data: { kind: "file", inputs: "square.npy", targets: "y.npy" },
  model: { kind: "relu", layers: [{ conv: 3, size: 2 }] },
  init: { shape: "he" },
  train: { stepSize: 0.02, epochs: 20 },
};
const matrix = {
  data: { kind: "matrix-completion", rows: 6, columns: 4, rank: 1, observed: 12, seed: 3 },
  model: { kind: "matrix", factors: 2, width: 4 },
  init: { shape: { std: 0.4 } },
  train: { stepSize: 0.1, epochs: 20 },
};

const sweeps: Record<string, [Record<string, Json>, string | string[], Json[]]> = {
  "which layers train": [dense, "train.layers", ["all", "last"]],
  "the shape of images": [images, "data.inputs", ["wide.npy", "square.npy", "channels.npy"]],
  "the shape of a matrix": [
    matrix,
    ["data.rows", "data.columns"],
    [
      [6, 4],
      [4, 6],
      [8, 3],
    ],
  ],
  "batches, and the rule that stops": [
    { ...dense, train: { ...dense.train, stopLoss: 0.3 } },
    ["train.batchSize", "train.stopRule"],
    [
      ["full", "full"],
      [2, "full"],
      [2, "keras"],
    ],
  ],
  "the loss": [dense, "loss.kind", ["squared", "logistic"]],
  "a penalty": [dense, "loss.l2", [0, 0.01]],
  "a pair, or one": [dense, "model.unbiased", [true, false]],
  "less its start, or not": [dense, "init.subtract", [true, false]],
  "label noise": [dense, "train.labelNoise", [0, 0.3]],
};

describe("swept together or trained alone, to the bit", () => {
  for (const [title, [document, path, values]] of Object.entries(sweeps))
    test(title, async () => {
      const record = { every: 10, quantities: ["loss", "weight_distance", "weight_l1"], arrays: [] };
      const axis = typeof path === "string" ? { path } : { paths: path };
      const own = (values: Json[]) => ({ ...document, record, sweep: [{ ...axis, values }] });
      const together = await trained(own(values), files);
      const ends = new Set<string>();
      for (const [run, value] of values.entries()) {
        const alone = await trained(own([value]), files);
        expect(together.rows[run]).toEqual(alone.rows[0]);
        ends.add(JSON.stringify(alone.rows[0]));
      }
      // Or nothing was swept that matters.
      expect(ends.size).toBe(values.length);
    });
});

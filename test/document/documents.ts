/** Documents that the tests start from. */

import type { Json } from "../../src/document/types.ts";

export type Written = Record<string, Json>;

/** What a document must hold, and nothing else but `record.arrays`, so that sizes may be swept. */
export const smallest = (changes: Written = {}): Written => ({
  data: { kind: "linear-uniform", samples: 10, dimension: 20 },
  model: { kind: "diagonal" },
  train: { stepSize: 1e-3, epochs: 100 },
  record: { arrays: [] },
  ...changes,
});

/** The example of the interface, word for word. */
export const example = (): Written => ({
  name: "weights-vs-linearization",
  data: { kind: "linear-uniform", samples: 10, dimension: 20, noise: 0, seed: 1, testSamples: 0 },
  model: { kind: "diagonal", depth: 2 },
  loss: { kind: "squared", reduction: "mean", l2: 0 },
  init: { alpha: 1, shape: "ones", scaling: "weights", seed: 1 },
  train: {
    method: "gradient-descent",
    stepSize: 1e-3,
    epochs: 10000,
    batchSize: "full",
    stopLoss: null,
    seed: 1,
  },
  record: {
    every: 10,
    quantities: ["loss", "weight_distance", "linear_distance", "ntk_drift"],
    arrays: ["ntk"],
    kernelOutputs: "trace",
  },
  sweep: [{ path: "init.alpha", values: [0.05, 0.1, 0.5, 1, 5] }],
});

/** Small sweeps whose plans hold the kernels that have variants, bound and sized as a training has them. */

import type { Json } from "../../src/document/types.ts";

/** How large a sweep is. */
export interface Sizes {
  runs: number;
  samples: number;
  inputs: number;
  /** Units of each hidden layer, or channels; of no meaning to diagonal networks. */
  widths: number[];
  /** Samples of a batch; all of them where left out. */
  batch?: number;
}

/** What a plan is made from. */
export interface Sweep {
  /** Shaders' files, without their ending, with variants that the plan offers. */
  shaders: readonly string[];
  /** Sizes that are tried unless others are asked for. */
  sizes: readonly Sizes[];
  document(sizes: Sizes): Record<string, Json>;
}

/** Few records: a plan holds buffers for each. */
const EPOCHS = 1000;

const train = (stepSize: number, { batch }: Sizes) => ({
  stepSize,
  epochs: EPOCHS,
  ...(batch !== undefined && { batchSize: batch }),
});
const record = (quantities: string[], arrays: string[] = []) => ({ every: EPOCHS, quantities, arrays });
/** A test set is asked for only where kernels between it and the training set are. */
const testSet = ({ samples }: Sizes, arrays: string[] = []) => ({
  testSamples: arrays.includes("test_ntk") ? Math.ceil(samples / 2) : 0,
});

/** Diagonal networks of all alphas on one dataset. */
const scales =
  (quantities: string[], arrays?: string[]) =>
  (sizes: Sizes): Record<string, Json> => ({
    data: {
      kind: "linear-uniform",
      samples: sizes.samples,
      dimension: sizes.inputs,
      seed: 1,
      ...testSet(sizes, arrays),
    },
    model: { kind: "diagonal", depth: 2 },
    train: train(1e-5, sizes),
    record: record(quantities, arrays),
    sweep: [
      { path: "init.alpha", values: Array.from({ length: sizes.runs }, (_, k) => 10 ** (k / sizes.runs)) },
    ],
  });

/** Networks of dense layers, each from its own start. */
const starts =
  (quantities: string[], arrays?: string[]) =>
  (sizes: Sizes): Record<string, Json> => ({
    data: {
      kind: "sparse-signs",
      samples: sizes.samples,
      dimension: sizes.inputs,
      seed: 1,
      ...testSet(sizes, arrays),
    },
    model: { kind: "relu", widths: sizes.widths },
    init: { shape: "he" },
    train: train(1e-4, sizes),
    record: record(quantities, arrays),
    sweep: [{ path: "init.seed", range: [1, sizes.runs, 1] }],
  });

/** Networks of convolutions on square images, each from its own start. */
const images =
  (quantities: string[], arrays?: string[]) =>
  (sizes: Sizes): Record<string, Json> => ({
    ...starts(quantities, arrays)(sizes),
    data: {
      kind: "patterns",
      samples: sizes.samples,
      size: Math.round(Math.sqrt(sizes.inputs)),
      noise: 0.5,
      seed: 1,
      ...testSet(sizes, arrays),
    },
    model: { kind: "relu", layers: sizes.widths.map((conv) => ({ conv, size: 3, padding: 1 })) },
  });

const diagonal = (runs: number, samples: number, inputs: number): Sizes => ({
  runs,
  samples,
  inputs,
  widths: [],
});
const relu = (runs: number, samples: number, inputs: number, ...widths: number[]): Sizes => ({
  runs,
  samples,
  inputs,
  widths,
});

/** Factorizations of square matrices, `inputs` x `inputs`, of which `samples` entries are seen. */
const factors = (sizes: Sizes): Record<string, Json> => ({
  data: {
    kind: "matrix-completion",
    rows: sizes.inputs,
    columns: sizes.inputs,
    rank: 2,
    observed: sizes.samples,
  },
  model: { kind: "matrix", factors: 3 },
  init: { shape: { std: 0.1 }, alpha: 1 },
  train: train(1e-3, sizes),
  record: record(["loss"]),
  sweep: [{ path: "init.seed", range: [1, sizes.runs, 1] }],
});

/** By which kernels: the smallest plans that hold them. */
export const sweeps: readonly Sweep[] = [
  {
    shaders: ["gram", "gram_drift"],
    sizes: [diagonal(60, 10, 20), diagonal(3, 100, 250)],
    document: scales(["ntk_drift"]),
  },
  {
    shaders: ["gram_cross"],
    sizes: [diagonal(3, 100, 250)],
    document: scales(["loss"], ["test_ntk"]),
  },
  { shaders: ["norms"], sizes: [diagonal(60, 100, 250)], document: scales(["weight_distance"]) },
  {
    shaders: ["predictor_products"],
    sizes: [diagonal(60, 100, 250)],
    document: scales(["loss"]),
  },
  {
    shaders: ["diagonal_descent"],
    sizes: [diagonal(60, 100, 250)],
    // Runs that do not share their data share no products either.
    document: (sizes) => ({
      ...scales(["loss"])(sizes),
      sweep: [{ path: "data.seed", range: [1, sizes.runs, 1] }],
    }),
  },
  {
    shaders: ["dense_values", "dense_forward", "dense_backward", "dense_gradient", "relu_update"],
    sizes: [relu(16, 200, 20, 10, 10)],
    document: starts(["loss"]),
  },
  {
    shaders: [
      "dense_signals_start",
      "dense_signals",
      "relu_kernel_start",
      "relu_kernel_start_vectors",
      "relu_kernel",
      "relu_kernel_vectors",
    ],
    sizes: [relu(4, 100, 20, 10, 10)],
    document: starts(["ntk_drift"]),
  },
  {
    shaders: ["relu_cross_kernel"],
    sizes: [relu(4, 100, 20, 10, 10)],
    document: starts(["loss"], ["test_ntk"]),
  },
  {
    shaders: ["conv_values", "conv_forward", "conv_backward", "conv_gradient"],
    sizes: [relu(8, 8, 36, 8, 8)],
    document: images(["loss"]),
  },
  {
    shaders: ["conv_signals_start", "conv_signals", "conv_tangents", "conv_gram"],
    sizes: [relu(2, 8, 36, 8, 8)],
    document: images(["ntk_drift"]),
  },
  {
    shaders: ["conv_cross"],
    sizes: [relu(2, 8, 36, 8, 8)],
    document: images(["loss"], ["test_ntk"]),
  },
  { shaders: ["matrix_products"], sizes: [diagonal(4, 2000, 100)], document: factors },
];

/** What may be asked for. */
export const kernelNames: readonly string[] = sweeps.flatMap(({ shaders }) => shaders);

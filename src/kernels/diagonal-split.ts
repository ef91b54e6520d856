import descentCode from "../../shaders/diagonal_split_descent.wgsl?raw";
import kernelWeightsCode from "../../shaders/diagonal_split_kernel_weights.wgsl?raw";
import weightsCode from "../../shaders/diagonal_split_weights.wgsl?raw";
import { diagonalUpdate } from "./diagonal-descent.ts";
import { diagonalKernelWeights } from "./diagonal-kernel-weights.ts";
import { diagonalWeights } from "./diagonal-weights.ts";
import { defineKernel } from "../wgsl/kernel.ts";

/** One update of diagonal networks whose copies start apart. */
export const diagonalSplitUpdate = defineKernel({
  ...diagonalUpdate,
  file: "diagonal_split_descent.wgsl",
  code: descentCode,
  overrides: {
    LANES: [64, 4, 8],
    PER_INVOCATION: [1, 16],
    DEPTH: [2],
    FIELDS: [4],
    GAP: [0],
    INVARIANT: [0],
    DECAY: [false, true],
    FLOW: [false, true],
  },
});

/** Weights of K − K0 = X diag(weights) Xᵀ when the copies start apart. */
export const diagonalSplitKernelWeights = defineKernel({
  ...diagonalKernelWeights,
  bindings: { params: "uniform", run_tiles: "read", state: "read", factor: "read", out: "read-write" },
  file: "diagonal_split_kernel_weights.wgsl",
  code: kernelWeightsCode,
  overrides: { DEPTH: [2], FIELDS: [4] },
});

/** w+ and w- when the copies start apart. */
export const diagonalSplitWeights = defineKernel({
  ...diagonalWeights,
  bindings: { params: "uniform", run_tiles: "read", state: "read", out: "read-write" },
  file: "diagonal_split_weights.wgsl",
  code: weightsCode,
  overrides: { FIELDS: [4] },
});

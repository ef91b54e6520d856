import code from "../../shaders/diagonal_kernel_weights.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** Weights of K − K0 = X diag(weights) Xᵀ for diagonal networks, free of cancellation. */
export const diagonalKernelWeights = defineKernel({
  file: "diagonal_kernel_weights.wgsl",
  code,
  bindings: {
    params: "uniform",
    singles: "read",
    state: "read",
    factor: "read",
    runs: "read",
    out: "read-write",
  },
  params: { inputs: "u32", channels: "u32" },
  overrides: { DEPTH: [2], FIELDS: [3] },
  grid: ({ inputs, singles }) => [ceilDiv(inputs, 64), singles],
});

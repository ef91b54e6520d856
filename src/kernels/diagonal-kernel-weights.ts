import code from "../../shaders/diagonal_kernel_weights.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { diagonalModules } from "./diagonal/modules.ts";

/** Weights of K − K0 = X diag(weights) Xᵀ for diagonal networks, free of cancellation. */
export const diagonalKernelWeights = defineKernel({
  file: "diagonal_kernel_weights.wgsl",
  modules: [diagonalModules],
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    state: "read",
    factor: "read",
    runs: "read",
    out: "read-write",
  },
  params: { inputs: "u32", channels: "u32" },
  overrides: { DEPTH: [2], FIELDS: [3] },
  grid: ({ inputs, run_tiles }) => [ceilDiv(inputs, 64), run_tiles],
});

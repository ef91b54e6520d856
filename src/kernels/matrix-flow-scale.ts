import code from "../../shaders/matrix_flow_scale.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** What errors of matrix models' numbers are measured against along the gradient flow. */
export const matrixFlowScale = defineKernel({
  file: "matrix_flow_scale.wgsl",
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    factors: "read",
    runs: "read",
    state: "read",
    scale: "read-write",
  },
  params: { channels: "u32", stride: "u32", parameters: "u32" },
  overrides: { PAIR: [false, true] },
  grid: ({ factors, run_tiles }) => [factors, run_tiles],
});

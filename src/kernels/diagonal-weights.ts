import code from "../../shaders/diagonal_weights.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { diagonalModules } from "./diagonal/modules.ts";

/** Vectors whose norms give the l1 and l2 norm of a diagonal network's weights. */
export const diagonalWeights = defineKernel({
  file: "diagonal_weights.wgsl",
  modules: [diagonalModules],
  code,
  bindings: { params: "uniform", run_tiles: "read", state: "read", runs: "read", out: "read-write" },
  params: { inputs: "u32", channels: "u32" },
  overrides: { FIELDS: [3] },
  grid: ({ inputs, run_tiles }) => [ceilDiv(inputs, 64), run_tiles],
});

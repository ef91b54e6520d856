import code from "../../shaders/matrix_quads.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** Many updates of small matrix models in one dispatch, four invocations a run, all of its numbers in registers. */
export const matrixQuads = defineKernel({
  file: "matrix_quads.wgsl",
  code,
  features: ["subgroups"],
  bindings: {
    params: "uniform",
    step: "step",
    tiles: "read",
    targets: "read",
    seen: "read",
    runs: "read",
    state: "read-write",
    horizon: "read-write",
  },
  params: {
    channels: "u32",
    stride: "u32",
    parameters: "u32",
    rows: "u32",
    columns: "u32",
    first: "u32",
    second: "u32",
  },
  overrides: { BLOCKS: [3, 1, 2], DEPTH: [2, 3] },
  grid: ({ entries }) => [entries],
});

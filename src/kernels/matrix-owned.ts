import code from "../../shaders/matrix_owned.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** Many updates of small matrix models in one dispatch, an invocation a run, whose numbers are all at constant places. */
export const matrixOwned = defineKernel({
  file: "matrix_owned.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    tiles: "read",
    places: "read",
    observed: "read",
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
  overrides: { SIDE: [10, 4, 8, 12], DEPTH: [2, 3], LANES: [4] },
  grid: ({ groups_of_runs }) => [groups_of_runs],
});

import code from "../../shaders/lanczos.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** Tangent kernels in tridiagonal form, from the labels on: one workgroup a run. */
export const lanczos = defineKernel({
  file: "lanczos.wgsl",
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    change: "read",
    start: "read",
    start_of: "read",
    y: "read",
    runs: "read",
    basis: "read-write",
    out: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    first: "u32",
    steps: "u32",
    labels: "u32",
    column: "u32",
    record: "u32",
  },
  overrides: { LANES: [64] },
  grid: ({ slots }) => [slots],
});

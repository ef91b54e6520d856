import code from "../../shaders/matrix_entries.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** One operation of large matrix models that multiplies no matrices, and whose matrices lie row after row. */
export const matrixEntries = defineKernel({
  file: "matrix_entries.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    program: "uniform",
    tiles: "read",
    state: "read-write",
    work: "read-write",
    horizon: "read-write",
  },
  params: { channels: "u32", stride: "u32", size: "u32", head: "u32", begin: "u32" },
  overrides: { TRAINS: [false, true], LOAD: [false, true], STORE: [false, true] },
  grid: ({ count, entries }) => [ceilDiv(count, 64 * 16), entries],
});

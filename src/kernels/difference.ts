import code from "../../shaders/difference.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** out[run] = a[run] − scale[run] b[index[run]], vector by vector. */
export const difference = defineKernel({
  file: "difference.wgsl",
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    a: "read",
    b: "read",
    index: "read",
    scale: "read",
    out: "read-write",
  },
  params: {
    length: "u32",
    a_stride: "u32",
    a_offset: "u32",
    b_stride: "u32",
    b_offset: "u32",
    channels: "u32",
  },
  grid: ({ length, run_tiles }) => [ceilDiv(length, 64), run_tiles],
});

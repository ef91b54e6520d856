import code from "../../shaders/collect.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** Puts numbers of every run into its record as they are. */
export const collect = defineKernel({
  file: "collect.wgsl",
  code,
  bindings: { params: "uniform", run_tiles: "read", v: "read", out: "read-write" },
  params: {
    length: "u32",
    stride: "u32",
    offset: "u32",
    column: "u32",
    record: "u32",
    channels: "u32",
  },
  grid: ({ length, run_tiles }) => [ceilDiv(length, 64), run_tiles],
});

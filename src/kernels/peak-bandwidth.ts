import code from "../../shaders/peak_bandwidth.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** out = factor source: 16 bytes read and 16 written an entry. */
export const peakBandwidth = defineKernel({
  file: "peak_bandwidth.wgsl",
  code,
  bindings: { params: "uniform", source: "read", out: "read-write" },
  params: { factor: "f32", length: "u32", stride: "u32" },
  overrides: { LANES: [64, 256] },
  grid: ({ groups }) => [groups],
});

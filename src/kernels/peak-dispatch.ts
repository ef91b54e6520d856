import code from "../../shaders/peak_dispatch.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** The cheapest dispatch that can be seen to have run: it counts. */
export const peakDispatch = defineKernel({
  file: "peak_dispatch.wgsl",
  code,
  bindings: { params: "uniform", count: "read-write" },
  params: { increment: "u32" },
  grid: () => [1],
});

import code from "../../shaders/gram_restore.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** K = (K0 + (K − K0)) unit: tangent kernels in their own units. */
export const gramRestore = defineKernel({
  file: "gram_restore.wgsl",
  code,
  bindings: {
    params: "uniform",
    singles: "read",
    change: "read",
    start: "read",
    start_of: "read",
    runs: "read",
    K: "read-write",
  },
  params: { samples: "u32", channels: "u32", first: "u32" },
  overrides: { LANES: [64, 4], EACH: [1, 16] },
  grid: ({ samples, slots }, { LANES, EACH }) => [
    ceilDiv(samples, Number(LANES)),
    ceilDiv(samples, Number(EACH)),
    slots,
  ],
});

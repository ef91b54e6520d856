import code from "../../shaders/gram_restore.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** K = (K0 + (K − K0)) unit: tangent kernels in their own units. */
export const gramRestore = defineKernel({
  file: "gram_restore.wgsl",
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    change: "read",
    start: "read",
    start_of: "read",
    runs: "read",
    K: "read-write",
  },
  params: { samples: "u32", channels: "u32", first: "u32" },
  overrides: { LANES: [64, 4], PER_INVOCATION: [1, 16] },
  grid: ({ samples, slots }, { LANES, PER_INVOCATION }) => [
    ceilDiv(samples, Number(LANES)),
    ceilDiv(samples, Number(PER_INVOCATION)),
    slots,
  ],
});

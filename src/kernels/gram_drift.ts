import code from "../../shaders/gram_drift.wgsl?raw";
import { defineKernel } from "./kernel.ts";

/** Products of K − K0 and K0 from which drift and misalignment come, one workgroup a run. */
export const gramDrift = defineKernel({
  file: "gram_drift.wgsl",
  code,
  bindings: {
    params: "uniform",
    singles: "read",
    change: "read",
    start: "read",
    start_of: "read",
    out: "read-write",
  },
  params: { entries: "u32", channels: "u32", first: "u32", column: "u32", record: "u32" },
  overrides: { LANES: [128, 4] },
  grid: ({ slots }) => [slots!],
});

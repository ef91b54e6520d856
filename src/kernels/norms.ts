import code from "../../shaders/norms.wgsl?raw";
import { WHOLE, defineKernel } from "../wgsl/kernel.ts";

/** Largest entry, scaled l1 norm and scaled squared l2 norm of `fields` vectors a run. */
export const norms = defineKernel({
  file: "norms.wgsl",
  code,
  bindings: { params: "uniform", run_tiles: "read", v: "read", out: "read-write" },
  params: { length: "u32", stride: "u32", offset: "u32", column: "u32", record: "u32", channels: "u32" },
  overrides: { LANES: [64, 4] },
  trial: { numbers: { v: WHOLE } },
  grid: ({ fields, run_tiles }) => [fields, run_tiles],
});

import code from "../../shaders/gram_drift.wgsl?raw";
import { WHOLE, defineKernel } from "../wgsl/kernel.ts";

/** Products of K − K0 and K0 from which drift and misalignment come, one workgroup a run. */
export const gramDrift = defineKernel({
  file: "gram_drift.wgsl",
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    change: "read",
    start: "read",
    start_of: "read",
    out: "read-write",
  },
  params: { samples: "u32", channels: "u32", first: "u32", column: "u32", record: "u32" },
  overrides: { LANES: [128, 4] },
  trial: {
    numbers: { change: WHOLE, start: WHOLE },
    // Of the part that turns the kernel: a term's own, those of a row and of a lane's rows, those of the tree.
    roundings: ({ LANES }, { samples }) => 9 + samples + samples / Number(LANES) + Math.log2(Number(LANES)),
  },
  grid: ({ slots }) => [slots],
});

import marginsCode from "../../shaders/margins.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** Samples whose outputs have the sign of their labels, and the smallest y f. */
export const margins = defineKernel({
  file: "margins.wgsl",
  code: marginsCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    outputs: "read",
    y: "read",
    out: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    row: "u32",
    outputs: "u32",
    column: "u32",
    record: "u32",
  },
  grid: ({ run_tiles }) => [run_tiles],
});

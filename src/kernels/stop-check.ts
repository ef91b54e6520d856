import code from "../../shaders/stop_check.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** Stops the runs whose loss is at or below their stop loss, and in the end those whose outputs are not finite, on the GPU. */
export const stopCheck = defineKernel({
  file: "stop_check.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
    r: "read",
    runs: "read",
    running: "read-write",
    horizon: "read-write",
    peak: "read-write",
  },
  params: { channels: "u32", capacity: "u32", samples: "u32", batches: "u32", outputs: "u32" },
  overrides: {
    LANES: [64, 4],
    RUNNING: [false, true],
    STOPS: [true, false],
    ENDS: [false, true],
    PEAK: [false, true],
  },
  grid: ({ run_tiles }) => [run_tiles],
});

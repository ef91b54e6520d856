import code from "../../shaders/label_noise.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** Fresh noise on the labels of a batch (HaoChen et al. 2021): the slopes of the squared loss are shifted. */
export const labelNoise = defineKernel({
  file: "label_noise.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
    order: "read",
    level: "read",
    signal: "read-write",
  },
  params: { samples: "u32", channels: "u32", capacity: "u32", streams: "u32", row: "u32", factor: "f32" },
  grid: ({ capacity, trained_run_tiles }) => [ceilDiv(capacity, 64), trained_run_tiles],
});

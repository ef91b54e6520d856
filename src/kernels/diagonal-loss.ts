import code from "../../shaders/diagonal_loss.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { lossModules } from "./loss-modules.ts";

/** Roots of the logistic loss of linear predictors' outputs, and half its slopes in their place. */
export const diagonalLoss = defineKernel({
  file: "diagonal_loss.wgsl",
  modules: [lossModules],
  code,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
    order: "read",
    y: "read",
    runs: "read",
    signal: "read-write",
    roots: "read-write",
  },
  params: { samples: "u32", channels: "u32", capacity: "u32", streams: "u32" },
  overrides: { SHUFFLED: [false, true], SLOPES: [false, true] },
  grid: ({ size, entries }) => [ceilDiv(size, 64), entries],
});

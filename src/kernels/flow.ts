import decideCode from "../../shaders/flow_decide.wgsl?raw";
import stageCode from "../../shaders/flow_stage.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** A stage of the Bogacki-Shampine 3(2) pair, every run with its own step. */
export const flowStage = defineKernel({
  file: "flow_stage.wgsl",
  code: stageCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    goal: "read",
    progress: "read",
    y: "read",
    work: "read-write",
  },
  params: { length: "u32", channels: "u32", plane: "u32" },
  overrides: { STAGE: [0, 1, 2, 3] },
  grid: ({ length, run_tiles }) => [ceilDiv(length, 64), run_tiles],
});

/** Accepts or rejects each run's step and chooses its next one. */
export const flowDecide = defineKernel({
  file: "flow_decide.wgsl",
  code: decideCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    goal: "read",
    r: "read",
    runs: "read",
    progress: "read-write",
    horizon: "read-write",
    y: "read-write",
    work: "read-write",
  },
  params: {
    length: "u32",
    channels: "u32",
    plane: "u32",
    samples: "u32",
    outputs: "u32",
    loss_scale: "f32",
    tolerance: "f32",
  },
  grid: ({ run_tiles }) => [run_tiles],
});

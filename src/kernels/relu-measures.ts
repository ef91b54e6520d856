import activityCode from "../../shaders/relu_activity.wgsl?raw";
import conservedCode from "../../shaders/relu_conserved.wgsl?raw";
import flowScaleCode from "../../shaders/relu_flow_scale.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** Active hidden units, and signs that are those at w(0). */
export const reluActivity = defineKernel({
  file: "relu_activity.wgsl",
  code: activityCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    base: "read",
    z: "read",
    out: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    copies: "u32",
    units: "u32",
    first: "u32",
    count: "u32",
    column: "u32",
    record: "u32",
  },
  grid: ({ run_tiles }) => [run_tiles],
});

/** Changes of |u|² − v² of every unit of one hidden layer. */
export const reluConserved = defineKernel({
  file: "relu_conserved.wgsl",
  code: conservedCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    start: "read",
    state: "read",
    out: "read-write",
  },
  params: {
    inputs: "u32",
    outputs: "u32",
    channels: "u32",
    copies: "u32",
    hidden: "u32",
    stride: "u32",
    parameters: "u32",
  },
  grid: ({ copies, hidden, run_tiles }) => [ceilDiv(copies * hidden, 64), run_tiles],
});

/** What a weight's error is measured against under the gradient flow. */
export const reluFlowScale = defineKernel({
  file: "relu_flow_scale.wgsl",
  code: flowScaleCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    weights: "read",
    floors: "read",
    scale: "read-write",
  },
  params: {
    channels: "u32",
    copies: "u32",
    stride: "u32",
    parameters: "u32",
  },
  grid: ({ stride, run_tiles }) => [ceilDiv(stride, 64), run_tiles],
});

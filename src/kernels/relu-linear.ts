import linearCode from "../../shaders/relu_linear.wgsl?raw";
import linearGapCode from "../../shaders/relu_linear_gap.wgsl?raw";
import linearStepCode from "../../shaders/relu_linear_step.wgsl?raw";
import { type Shape, ceilDiv, defineKernel } from "../wgsl/kernel.ts";

/** f̄ − f0 of the linearized network in function space. */
export const reluLinear = defineKernel({
  file: "relu_linear.wgsl",
  code: linearCode,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
    order: "read",
    K: "read",
    start_of: "read",
    base: "read",
    runs: "read",
    state: "read",
    linear: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    capacity: "u32",
    streams: "u32",
    copies: "u32",
    units: "u32",
    outputs: "u32",
    stride: "u32",
    twin: "u32",
    layers: "u32",
  },
  overrides: { SHUFFLED: [false, true] },
  grid: ({ size, outputs = 1, entries }) => [ceilDiv(outputs * size, 64), entries],
  flops: ({ size, samples, outputs = 1, entries }: Shape) => 2 * entries * outputs ** 2 * size * samples,
});

/** A step of the linearized network, or its time derivative. */
export const reluLinearStep = defineKernel({
  file: "relu_linear_step.wgsl",
  code: linearStepCode,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
    order: "read",
    runs: "read",
    signal: "read",
    horizon: "read",
    held: "read-write",
    state: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    capacity: "u32",
    streams: "u32",
    stride: "u32",
    twin: "u32",
    slope: "u32",
    outputs: "u32",
  },
  overrides: { SHUFFLED: [false, true], FLOW: [false, true] },
  grid: ({ samples, outputs = 1, entries }) => [ceilDiv(outputs * samples + 1, 64), entries],
});

/** w less the linearized weights. */
export const reluLinearGap = defineKernel({
  file: "relu_linear_gap.wgsl",
  code: linearGapCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    state: "read",
    transposed: "read",
    start: "read",
    gap: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    copies: "u32",
    stride: "u32",
    parameters: "u32",
    twin: "u32",
    outputs: "u32",
    frozen: "u32",
  },
  grid: ({ copies, parameters, run_tiles }) => [ceilDiv(copies * parameters, 64), run_tiles],
});

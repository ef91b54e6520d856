import outputCode from "../../shaders/relu_output.wgsl?raw";
import updateCode from "../../shaders/relu_update.wgsl?raw";
import weightsCode from "../../shaders/relu_weights.wgsl?raw";
import { ceilDiv, defineKernel } from "./kernel.ts";

const networks = { channels: "u32", copies: "u32", stride: "u32", parameters: "u32" } as const;

/** Outputs of ReLU networks with each sample's loss and its slope. */
export const reluOutput = defineKernel({
  file: "relu_output.wgsl",
  code: outputCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    base: "read",
    z: "read",
    y: "read",
    runs: "read",
    linear: "read",
    signal: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    capacity: "u32",
    streams: "u32",
    copies: "u32",
    units: "u32",
  },
  overrides: {
    SHUFFLED: [false, true],
    LOGISTIC: [false, true],
    TWIN: [false, true],
    SUBTRACT: [false, true],
  },
  grid: ({ size, entries }) => [ceilDiv(size!, 64), entries!],
});

/** A descent step of every weight along its gradient, or its time derivative. */
export const reluUpdate = defineKernel({
  file: "relu_update.wgsl",
  code: updateCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    runs: "read",
    start: "read",
    gradients: "read",
    state: "read-write",
    weights: "read-write",
    horizon: "read-write",
  },
  params: networks,
  overrides: { FLOW: [false, true] },
  grid: ({ copies, parameters, entries }) => [ceilDiv(copies! * parameters!, 64), entries!],
});

/** W = W0 + D. */
export const reluWeights = defineKernel({
  file: "relu_weights.wgsl",
  code: weightsCode,
  bindings: { params: "uniform", singles: "read", start: "read", state: "read", weights: "read-write" },
  params: networks,
  grid: ({ copies, parameters, entries }) => [ceilDiv(copies! * parameters!, 64), entries!],
});

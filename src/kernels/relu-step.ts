import outputCode from "../../shaders/relu_output.wgsl?raw";
import runsCode from "../../shaders/relu_runs.wgsl?raw";
import updateCode from "../../shaders/relu_update.wgsl?raw";
import weightsCode from "../../shaders/relu_weights.wgsl?raw";
import { lossPlaces, separableLossPlaces } from "../losses/registry.ts";
import { type Choice, offered } from "../wgsl/choice.ts";
import { WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { layerModules } from "../layers/modules.ts";
import { lossModules } from "./loss-modules.ts";

const networks = { channels: "u32", copies: "u32", stride: "u32", parameters: "u32" } as const;

/** Outputs of ReLU networks with each sample's loss and its slope. */
export const reluOutput = defineKernel({
  file: "relu_output.wgsl",
  modules: [lossModules],
  code: outputCode,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
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
    outputs: "u32",
  },
  overrides: {
    SHUFFLED: [false, true],
    LOSS: lossPlaces,
    TWIN: [false, true],
    SUBTRACT: [false, true],
  },
  grid: ({ size, outputs = 1, entries }) => [ceilDiv(outputs * size, 64), entries],
});

/** A descent step of every weight along its gradient, or its time derivative. */
export const reluUpdate = defineKernel({
  file: "relu_update.wgsl",
  code: updateCode,
  bindings: {
    params: "uniform",
    step: "step",
    run_tiles: "read",
    runs: "read",
    start: "read",
    gradients: "read",
    state: "read-write",
    weights: "read-write",
    horizon: "read-write",
  },
  params: { ...networks, frozen: "u32" },
  overrides: { FLOW: [false, true], PER_INVOCATION: [1, 16] },
  grid: ({ copies, parameters, entries }, { PER_INVOCATION }) => [
    ceilDiv(copies * parameters, 64 * Number(PER_INVOCATION)),
    entries,
  ],
  // A step of a half times small whole numbers is exact.
  trial: { numbers: { runs: [0.5], start: WHOLE, gradients: WHOLE, state: WHOLE } },
});

/** Ways to cut an update: many weights an invocation where every load is dear. */
export const updatesOf = (software: boolean): Choice => {
  const [one, many] = offered(reluUpdate, "PER_INVOCATION").map((PER_INVOCATION) => ({
    kernel: reluUpdate,
    overrides: { PER_INVOCATION },
  }));
  return { variants: [one, many], standard: software ? many : one };
};

/** W = W0 + D. */
export const reluWeights = defineKernel({
  file: "relu_weights.wgsl",
  code: weightsCode,
  bindings: { params: "uniform", run_tiles: "read", start: "read", state: "read", weights: "read-write" },
  params: networks,
  grid: ({ copies, parameters, entries }) => [ceilDiv(copies * parameters, 64), entries],
});

/** What the registers of an invocation of `reluRuns` hold at most. */
export const OWNED = { inputs: 20, units: 12 };

/** Descent steps of networks with one hidden layer, each in one go, an invocation a run: many of full batches, or one. */
export const reluRuns = defineKernel({
  file: "relu_runs.wgsl",
  modules: [layerModules, lossModules],
  code: runsCode,
  features: ["subgroups"],
  bindings: {
    params: "uniform",
    step: "step",
    tiles: "read",
    order: "read",
    X: "read",
    y: "read",
    runs: "read",
    start: "read",
    state: "read-write",
    horizon: "read-write",
  },
  params: {
    samples: "u32",
    streams: "u32",
    stride: "u32",
    parameters: "u32",
    fan_in: "u32",
    fan_out: "u32",
  },
  overrides: {
    LANES: [4, 8],
    BLOCKS: [5, 1, 2, 3, 4],
    UNITS: [12, 4, 8],
    SHUFFLED: [false, true],
    LOSS: separableLossPlaces,
    SUBTRACT: [false, true],
    STOPS: [false, true],
  },
  grid: ({ tiles_of_runs }) => [tiles_of_runs],
  flops: ({ trained_run_tiles, size, fan_in, fan_out }) =>
    2 * trained_run_tiles * size * (2 * fan_in + 3) * fan_out,
});

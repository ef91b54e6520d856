import backwardCode from "../../shaders/relu_backward.wgsl?raw";
import forwardCode from "../../shaders/relu_forward.wgsl?raw";
import gradientCode from "../../shaders/relu_gradient.wgsl?raw";
import { type Shape, ceilDiv, defineKernel } from "./kernel.ts";

const sizes = {
  samples: "u32",
  inputs: "u32",
  channels: "u32",
  capacity: "u32",
  streams: "u32",
  copies: "u32",
  units: "u32",
  stride: "u32",
  parameters: "u32",
} as const;
const layer = { offset: "u32", fan_in: "u32", fan_out: "u32", below: "u32", above: "u32" } as const;
const products = ({ networks, size, fan_in, fan_out }: Shape) => 2 * networks! * size! * fan_in! * fan_out!;

const forward = {
  file: "relu_forward.wgsl",
  code: forwardCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    X: "read",
    base: "read",
    state: "read",
    weights: "read",
    z: "read-write",
  },
  params: { ...sizes, ...layer },
  flops: products,
} as const;
const forwardOverrides = { SHUFFLED: [false, true], FIRST: [false, true], START: [false, true] } as const;

/** Pre-activations of a layer less those at w(0): one sample of one unit an invocation. */
export const reluForward = defineKernel({
  ...forward,
  entry: "plain",
  overrides: { LANES: [64], ...forwardOverrides },
  grid: ({ size, fan_out, networks }, { LANES }) => [ceilDiv(size!, Number(LANES)), fan_out!, networks!],
});

/** The same in tiles of 4 units × 8 samples an invocation. */
export const reluForwardTiled = defineKernel({
  ...forward,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32], ...forwardOverrides },
  grid: ({ size, fan_out, networks }, { LANES }) => [
    ceilDiv(size!, 8 * Number(LANES)),
    ceilDiv(fan_out!, 4),
    networks!,
  ],
});

const backward = {
  file: "relu_backward.wgsl",
  code: backwardCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    base: "read",
    z: "read",
    weights: "read",
    signal: "read",
    delta: "read-write",
  },
  params: { ...sizes, slope: "u32", ...layer },
  flops: products,
} as const;
const backwardOverrides = { SHUFFLED: [false, true], TOP: [false, true] } as const;

/** Signals back through a layer: one sample of one unit an invocation. */
export const reluBackward = defineKernel({
  ...backward,
  entry: "plain",
  overrides: { LANES: [64], ...backwardOverrides },
  grid: ({ size, fan_in, networks }, { LANES }) => [ceilDiv(size!, Number(LANES)), fan_in!, networks!],
});

/** The same in tiles of 4 units × 8 samples an invocation. */
export const reluBackwardTiled = defineKernel({
  ...backward,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32], ...backwardOverrides },
  grid: ({ size, fan_in, networks }, { LANES }) => [
    ceilDiv(size!, 8 * Number(LANES)),
    ceilDiv(fan_in!, 4),
    networks!,
  ],
});

const gradient = {
  file: "relu_gradient.wgsl",
  code: gradientCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    X: "read",
    base: "read",
    z: "read",
    delta: "read",
    signal: "read",
    gradients: "read-write",
  },
  params: { ...sizes, slope: "u32", ...layer },
  flops: products,
} as const;
const gradientOverrides = {
  SHUFFLED: [false, true],
  FIRST: [false, true],
  TOP: [false, true],
  START: [false, true],
} as const;

/** Gradients of a layer's weights, summed over the batch: one weight an invocation. */
export const reluGradient = defineKernel({
  ...gradient,
  entry: "plain",
  overrides: { LANES: [64], ...gradientOverrides },
  grid: ({ fan_in, fan_out, networks }, { LANES }) => [ceilDiv(fan_in! * fan_out!, Number(LANES)), networks!],
});

/** The same in tiles of 4 × 8 weights, every lane with samples of its own. */
export const reluGradientTiled = defineKernel({
  ...gradient,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32], ...gradientOverrides },
  grid: ({ fan_in, fan_out, networks }) => [ceilDiv(fan_out!, 4), ceilDiv(fan_in!, 8), networks!],
});

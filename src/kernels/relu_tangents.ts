import kernelCode from "../../shaders/relu_kernel.wgsl?raw";
import signalsCode from "../../shaders/relu_signals.wgsl?raw";
import { type Choice, offered } from "./choice.ts";
import { type Shape, WHOLE, ceilDiv, defineKernel, triangle } from "./kernel.ts";

/** Signals back through a layer at w(0), and their changes. */
export const reluSignals = defineKernel({
  file: "relu_signals.wgsl",
  code: signalsCode,
  bindings: {
    params: "uniform",
    singles: "read",
    start: "read",
    state: "read",
    weights: "read",
    base: "read",
    z: "read",
    signals: "read",
    changes: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    copies: "u32",
    units: "u32",
    stride: "u32",
    parameters: "u32",
    offset: "u32",
    fan_in: "u32",
    fan_out: "u32",
    below: "u32",
    above: "u32",
  },
  overrides: { TOP: [false, true], START: [false, true] },
  grid: ({ samples, fan_in, networks }) => [ceilDiv(samples!, 64), fan_in!, networks!],
});

/** A layer's part of K − K0, or of K0 (Jacot et al. 2018), by products of Gram matrices. */
export const reluKernel = defineKernel({
  file: "relu_kernel.wgsl",
  code: kernelCode,
  bindings: {
    params: "uniform",
    singles: "read",
    X: "read",
    base: "read",
    z: "read",
    signals: "read",
    changes: "read",
    runs: "read",
    K: "read-write",
  },
  params: {
    samples: "u32",
    inputs: "u32",
    channels: "u32",
    copies: "u32",
    units: "u32",
    first: "u32",
    fan_in: "u32",
    fan_out: "u32",
    below: "u32",
    above: "u32",
  },
  overrides: {
    LANES: [4, 8, 16, 32],
    FIRST: [false, true],
    TOP: [false, true],
    START: [false, true],
  },
  grid: ({ samples, slots }, { LANES }) => [ceilDiv(samples!, Number(LANES)), ceilDiv(samples!, 4), slots!],
  flops: ({ samples, fan_in, fan_out, slots }: Shape) =>
    6 * slots! * (fan_in! + fan_out!) * triangle(samples!),
  trial: {
    numbers: { X: WHOLE, base: WHOLE, z: WHOLE, signals: WHOLE, changes: WHOLE, runs: [1], K: WHOLE },
  },
});

/** Ways to make a layer's part of tangent kernels; with so many lanes where no other number is known to be faster. */
export function layerKernelsOf(lanes: number): Choice {
  const variant = (LANES: number) => ({ kernel: reluKernel, overrides: { LANES } });
  return { variants: offered(reluKernel, "LANES").map(variant), standard: variant(lanes) };
}

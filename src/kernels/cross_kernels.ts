/** Tangent kernels between test and training inputs. */

import crossCode from "../../shaders/gram_cross.wgsl?raw";
import reluCode from "../../shaders/relu_cross_kernel.wgsl?raw";
import reluQuadsCode from "../../shaders/relu_cross_kernel_quads.wgsl?raw";
import sidesCode from "../../shaders/relu_sides.wgsl?raw";
import { type Choice, type Variant, offered } from "./choice.ts";
import { type Overrides, type Shape, WHOLE, ceilDiv, defineKernel } from "./kernel.ts";
import { type Cut, quadTile, quadTiles } from "./lanes.ts";

const LANES = [4, 8, 16, 32];

const grid = ({ samples, testSamples, singles }: Shape, own: Overrides): [number, number, number] => [
  ceilDiv(samples!, Number(own.LANES)),
  ceilDiv(testSamples!, 4),
  singles!,
];

/** K[run] = X′ diag(w) Xᵀ: tangent kernels of elementwise models. */
export const gramCross = defineKernel({
  file: "gram_cross.wgsl",
  code: crossCode,
  bindings: {
    params: "uniform",
    singles: "read",
    X: "read",
    test_X: "read",
    start: "read",
    change: "read",
    runs: "read",
    K: "read-write",
  },
  params: { samples: "u32", test_samples: "u32", inputs: "u32", channels: "u32" },
  overrides: { LANES },
  grid,
  flops: ({ samples, testSamples, inputs, singles }) => 2 * singles! * inputs! * samples! * testSamples!,
});

/** A layer's activations and signals back, of the weights as they are. */
export const reluSides = defineKernel({
  file: "relu_sides.wgsl",
  code: sidesCode,
  bindings: {
    params: "uniform",
    singles: "read",
    weights: "read",
    base: "read",
    z: "read",
    sides: "read-write",
  },
  params: {
    samples: "u32",
    channels: "u32",
    copies: "u32",
    units: "u32",
    parameters: "u32",
    offset: "u32",
    fan_in: "u32",
    fan_out: "u32",
    below: "u32",
    above: "u32",
  },
  overrides: { TOP: [false, true] },
  grid: ({ samples, fan_in, networks }) => [ceilDiv(samples!, 64), fan_in!, networks!],
});

const cross = {
  file: "relu_cross_kernel.wgsl",
  code: reluCode,
  bindings: {
    params: "uniform",
    singles: "read",
    X: "read",
    test_X: "read",
    sides: "read",
    test_sides: "read",
    runs: "read",
    K: "read-write",
  },
  params: {
    samples: "u32",
    test_samples: "u32",
    inputs: "u32",
    channels: "u32",
    copies: "u32",
    units: "u32",
    fan_in: "u32",
    fan_out: "u32",
    below: "u32",
    above: "u32",
  },
  flops: ({ samples, testSamples, fan_in, fan_out, singles }: Shape) =>
    2 * singles! * (fan_in! + fan_out!) * samples! * testSamples!,
  trial: { numbers: { X: WHOLE, test_X: WHOLE, sides: WHOLE, test_sides: WHOLE, runs: [1], K: WHOLE } },
} as const;
const crossOverrides = { FIRST: [false, true], TOP: [false, true] } as const;

/** A layer's part of K between test and training inputs, by products of Gram matrices (Jacot et al. 2018). */
export const reluCrossKernel = defineKernel({ ...cross, overrides: { LANES, ...crossOverrides }, grid });

/** The same in quads of 4 GROUPS rows × 4 COLUMNS columns. */
export const reluCrossKernelQuads = defineKernel({
  ...cross,
  file: "relu_cross_kernel_quads.wgsl",
  code: reluQuadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles, ...crossOverrides },
  grid: ({ samples, testSamples, singles }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(samples!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(testSamples!, 4 * Number(GROUPS)),
    singles!,
  ],
});

/** Ways to make a layer's part of K between test and training inputs. */
export function crossKernelsOf(
  testSamples: number,
  samples: number,
  { quads, software, lanes }: Omit<Cut, "tiled">,
): Choice {
  const plain = (LANES: number): Variant => ({ kernel: reluCrossKernel, overrides: { LANES } });
  const quad = (LANES: number): Variant => ({
    kernel: reluCrossKernelQuads,
    overrides: { LANES, ...quadTile(testSamples, samples, reluCrossKernelQuads) },
  });
  return {
    variants: [...LANES.map(plain), ...(quads ? offered(reluCrossKernelQuads, "LANES").map(quad) : [])],
    standard: (quads && software ? quad : plain)(lanes),
  };
}

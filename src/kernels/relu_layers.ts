import backwardCode from "../../shaders/relu_backward.wgsl?raw";
import backwardQuadsCode from "../../shaders/relu_backward_quads.wgsl?raw";
import forwardCode from "../../shaders/relu_forward.wgsl?raw";
import forwardQuadsCode from "../../shaders/relu_forward_quads.wgsl?raw";
import gradientCode from "../../shaders/relu_gradient.wgsl?raw";
import gradientQuadsCode from "../../shaders/relu_gradient_quads.wgsl?raw";
import { type Choice, type Variant, offered } from "./choice.ts";
import { type Kernel, type Shape, WHOLE, ceilDiv, defineKernel } from "./kernel.ts";
import { type Cut, quadTile, quadTiles } from "./lanes.ts";

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

const tiles = { WIDTH: [8, 10], UNITS: [4, 1, 12] } as const;

/** A register tile. */
export interface LayerTile {
  WIDTH: number;
  UNITS: number;
}

/** For hardware, where threads need registers of their own. */
const SMALL_TILE: LayerTile = { WIDTH: 8, UNITS: 4 };

/** The ways to do a layer's work. */
interface LayerKernels {
  plain: Kernel;
  tiled: Kernel;
  quads: Kernel;
  /** Whether a workgroup's lanes share a tile of `tiled`, each with samples of its own. */
  together: boolean;
}

/** Ways to do a layer's work on `units` × `across`: plainly, in the largest tiles that fit, in small ones, in quads. */
const layersBy =
  ({ plain, tiled, quads, together }: LayerKernels) =>
  (units: number, across: number, cut: Cut): Choice => {
    const one: Variant = { kernel: plain, overrides: { LANES: 64 } };
    const large = (LANES: number): Variant => ({
      kernel: tiled,
      overrides: { LANES, ...layerTile(units, across, together ? 1 : LANES) },
    });
    const small = (LANES: number): Variant => ({ kernel: tiled, overrides: { LANES, ...SMALL_TILE } });
    const quad = (LANES: number): Variant => ({
      kernel: quads,
      overrides: { LANES, ...quadTile(units, across, quads) },
    });
    // A single row has nothing to trade; gradients are summed in order even so, as whole steps sum them.
    const trades = cut.quads && (units > 1 || together);
    const suits = trades ? quad : large;
    const lanes = offered(tiled, "LANES");
    return {
      variants: [
        one,
        ...lanes.flatMap((lanes) => [large(lanes), small(lanes), ...(trades ? [quad(lanes)] : [])]),
      ],
      standard: !cut.tiled ? one : (cut.software ? suits : small)(cut.lanes),
    };
  };

/**
 * The tile for `units` × `across` (samples, or units below): as large as registers and loads gain from, without a part
 * that would mostly be empty.
 *
 * @param lanes lanes that lie across, each with WIDTH of its own
 */
export function layerTile(units: number, across: number, lanes: number): LayerTile {
  const [MOST_ACROSS, MOST_UNITS] = [10, 12];
  const each = ceilDiv(across, lanes);
  return {
    WIDTH: ceilDiv(each, ceilDiv(each, MOST_ACROSS)),
    UNITS: units === 1 ? 1 : 4 * ceilDiv(ceilDiv(units, ceilDiv(units, MOST_UNITS)), 4),
  };
}

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
  trial: { numbers: { X: WHOLE, base: WHOLE, state: WHOLE, weights: WHOLE, z: WHOLE } },
} as const;
const forwardOverrides = { SHUFFLED: [false, true], FIRST: [false, true], START: [false, true] } as const;

/** Pre-activations of a layer less those at w(0): one sample of one unit an invocation. */
export const reluForward = defineKernel({
  ...forward,
  entry: "plain",
  overrides: { LANES: [64], ...forwardOverrides },
  grid: ({ size, fan_out, networks }, { LANES }) => [ceilDiv(size!, Number(LANES)), fan_out!, networks!],
});

/** The same in tiles of UNITS units × WIDTH samples an invocation. */
export const reluForwardTiled = defineKernel({
  ...forward,
  entry: "tiled",
  overrides: { LANES: [4, 32], ...tiles, ...forwardOverrides },
  grid: ({ size, fan_out, networks }, { LANES, WIDTH, UNITS }) => [
    ceilDiv(size!, Number(WIDTH) * Number(LANES)),
    ceilDiv(fan_out!, Number(UNITS)),
    networks!,
  ],
});

/** The same in quads of 4 GROUPS units × 4 COLUMNS samples. */
export const reluForwardQuads = defineKernel({
  ...forward,
  file: "relu_forward_quads.wgsl",
  code: forwardQuadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles, COLUMNS: [5, 1, 2, 3, 4], ...forwardOverrides },
  grid: ({ size, fan_out, networks }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(size!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(fan_out!, 4 * Number(GROUPS)),
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
  trial: { numbers: { base: WHOLE, z: WHOLE, weights: WHOLE, signal: WHOLE, delta: WHOLE } },
} as const;
const backwardOverrides = { SHUFFLED: [false, true], TOP: [false, true] } as const;

/** Signals back through a layer: one sample of one unit an invocation. */
export const reluBackward = defineKernel({
  ...backward,
  entry: "plain",
  overrides: { LANES: [64], ...backwardOverrides },
  grid: ({ size, fan_in, networks }, { LANES }) => [ceilDiv(size!, Number(LANES)), fan_in!, networks!],
});

/** The same in tiles of UNITS units × WIDTH samples an invocation. */
export const reluBackwardTiled = defineKernel({
  ...backward,
  entry: "tiled",
  overrides: { LANES: [4, 32], ...tiles, ...backwardOverrides },
  grid: ({ size, fan_in, networks }, { LANES, WIDTH, UNITS }) => [
    ceilDiv(size!, Number(WIDTH) * Number(LANES)),
    ceilDiv(fan_in!, Number(UNITS)),
    networks!,
  ],
});

/** The same in quads of 4 GROUPS units × 4 COLUMNS samples. */
export const reluBackwardQuads = defineKernel({
  ...backward,
  file: "relu_backward_quads.wgsl",
  code: backwardQuadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles, ...backwardOverrides },
  grid: ({ size, fan_in, networks }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(size!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(fan_in!, 4 * Number(GROUPS)),
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
  trial: { numbers: { X: WHOLE, base: WHOLE, z: WHOLE, delta: WHOLE, signal: WHOLE } },
} as const;
const batchOverrides = { SHUFFLED: [false, true], FIRST: [false, true], TOP: [false, true] } as const;
const gradientOverrides = { ...batchOverrides, START: [false, true] } as const;

/** Gradients of a layer's weights, summed over the batch: one weight an invocation. */
export const reluGradient = defineKernel({
  ...gradient,
  entry: "plain",
  overrides: { LANES: [64], ...gradientOverrides },
  grid: ({ fan_in, fan_out, networks }, { LANES }) => [ceilDiv(fan_in! * fan_out!, Number(LANES)), networks!],
});

/** The same in tiles of UNITS × WIDTH weights, every lane with samples of its own. */
export const reluGradientTiled = defineKernel({
  ...gradient,
  entry: "tiled",
  overrides: { LANES: [4, 32], ...tiles, ...gradientOverrides },
  grid: ({ fan_in, fan_out, networks }, { WIDTH, UNITS }) => [
    ceilDiv(fan_out!, Number(UNITS)),
    ceilDiv(fan_in!, Number(WIDTH)),
    networks!,
  ],
});

/** The same in quads of 4 GROUPS units × 4 COLUMNS units below, samples in order. */
export const reluGradientQuads = defineKernel({
  ...gradient,
  file: "relu_gradient_quads.wgsl",
  code: gradientQuadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles, ...batchOverrides },
  grid: ({ fan_in, fan_out, networks }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(fan_in!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(fan_out!, 4 * Number(GROUPS)),
    networks!,
  ],
});

/** Ways to go forward to `units` of a layer on `across` samples. */
export const forwardsOf = layersBy({
  plain: reluForward,
  tiled: reluForwardTiled,
  quads: reluForwardQuads,
  together: false,
});
/** Ways to go back to `units` below a layer on `across` samples. */
export const backwardsOf = layersBy({
  plain: reluBackward,
  tiled: reluBackwardTiled,
  quads: reluBackwardQuads,
  together: false,
});
/** Ways to sum up gradients of a layer with `units` above and `across` below. */
export const gradientsOf = layersBy({
  plain: reluGradient,
  tiled: reluGradientTiled,
  quads: reluGradientQuads,
  together: true,
});

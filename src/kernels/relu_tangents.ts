import kernelCode from "../../shaders/relu_kernel.wgsl?raw";
import kernelQuadsCode from "../../shaders/relu_kernel_quads.wgsl?raw";
import signalsCode from "../../shaders/relu_signals.wgsl?raw";
import signalsQuadsCode from "../../shaders/relu_signals_quads.wgsl?raw";
import { type Choice, type Variant, offered } from "./choice.ts";
import { type Kernel, type Overrides, type Shape, WHOLE, ceilDiv, defineKernel, triangle } from "./kernel.ts";
import { type Cut, quadTile, quadTiles } from "./lanes.ts";

const signals = {
  file: "relu_signals.wgsl",
  code: signalsCode,
  bindings: {
    params: "uniform",
    singles: "read",
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
  flops: ({ samples, fan_in, fan_out, networks }: Shape) => 6 * networks! * fan_in! * fan_out! * samples!,
  trial: {
    numbers: { state: WHOLE, weights: WHOLE, base: WHOLE, z: WHOLE, signals: WHOLE, changes: WHOLE },
  },
} as const;
const signalsOverrides = { TOP: [false, true], START: [false, true] } as const;

/** Signals back through a layer at w(0), or their changes: one sample of one unit an invocation. */
export const reluSignals = defineKernel({
  ...signals,
  entry: "plain",
  overrides: { LANES: [64], ...signalsOverrides },
  grid: ({ samples, fan_in, networks }, { LANES }) => [ceilDiv(samples!, Number(LANES)), fan_in!, networks!],
});

/** The same in tiles of 8 samples × 8 units an invocation. */
export const reluSignalsTiled = defineKernel({
  ...signals,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32], ...signalsOverrides },
  grid: ({ samples, fan_in, networks }, { LANES }) => [
    ceilDiv(samples!, 8 * Number(LANES)),
    ceilDiv(fan_in!, 8),
    networks!,
  ],
});

/** The same in quads of 4 GROUPS units × 4 COLUMNS samples. */
export const reluSignalsQuads = defineKernel({
  ...signals,
  file: "relu_signals_quads.wgsl",
  code: signalsQuadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles, ...signalsOverrides },
  grid: ({ samples, fan_in, networks }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(samples!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(fan_in!, 4 * Number(GROUPS)),
    networks!,
  ],
});

const kernel = {
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
  flops: ({ samples, fan_in, fan_out, slots }: Shape) =>
    6 * slots! * (fan_in! + fan_out!) * triangle(samples!),
  trial: {
    numbers: { X: WHOLE, base: WHOLE, z: WHOLE, signals: WHOLE, changes: WHOLE, K: WHOLE },
  },
} as const;
const kernelOverrides = { FIRST: [false, true], TOP: [false, true], START: [false, true] } as const;

/** A layer's part of K − K0, or of K0 (Jacot et al. 2018), by products of Gram matrices: one entry an invocation. */
export const reluKernel = defineKernel({
  ...kernel,
  entry: "plain",
  overrides: kernelOverrides,
  grid: ({ samples, slots }) => [ceilDiv(samples!, 8), ceilDiv(samples!, 8), slots!],
});

/** The same in tiles of 8 rows × 8 columns an invocation. */
export const reluKernelTiled = defineKernel({
  ...kernel,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32], ...kernelOverrides },
  grid: ({ samples, slots }, { LANES }) => [
    ceilDiv(samples!, 8 * Number(LANES)),
    ceilDiv(samples!, 8),
    slots!,
  ],
});

/** The same in quads of 4 GROUPS rows × 4 COLUMNS columns. */
export const reluKernelQuads = defineKernel({
  ...kernel,
  file: "relu_kernel_quads.wgsl",
  code: kernelQuadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles, ALIGNED: [false, true], ...kernelOverrides },
  grid: ({ samples, slots }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(samples!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(samples!, 4 * Number(GROUPS)),
    slots!,
  ],
});

/** Ways to work on `rows` × `columns`: plainly, in tiles, in quads, each with what it is cut by. */
const tangentsBy =
  (plain: Variant, tiled: Kernel, quads: Kernel) =>
  (rows: number, columns: number, cut: Cut, alignment: Overrides = {}): Choice => {
    const tile = (LANES: number): Variant => ({ kernel: tiled, overrides: { LANES } });
    const quad = (LANES: number): Variant => ({
      kernel: quads,
      overrides: { LANES, ...quadTile(rows, columns, quads), ...alignment },
    });
    return {
      variants: [
        plain,
        ...offered(tiled, "LANES").map(tile),
        ...(cut.quads ? offered(quads, "LANES").map(quad) : []),
      ],
      standard: !cut.tiled ? plain : (cut.quads && cut.software ? quad : tile)(cut.lanes),
    };
  };

/** Ways to send signals back to `units` below a layer on `samples`. */
export const signalsOf = tangentsBy(
  { kernel: reluSignals, overrides: { LANES: 64 } },
  reluSignalsTiled,
  reluSignalsQuads,
);

const kernelsOf = tangentsBy({ kernel: reluKernel, overrides: {} }, reluKernelTiled, reluKernelQuads);

/** Ways to make a layer's part of tangent kernels. */
export function layerKernelsOf(samples: number, cut: Cut): Choice {
  const { COLUMNS } = quadTile(samples, samples, reluKernelQuads);
  return kernelsOf(samples, samples, cut, { ALIGNED: COLUMNS === 4 && samples % 4 === 0 });
}

import { type Block, WINDOW, choiceOf, defineProducts } from "../products/products.ts";
import { type Shape, WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import type { LayerKernels, LayerSizes } from "./layer.ts";
import { layerModules } from "./modules.ts";
import { layerParams } from "./params.ts";

/** How large blocks of a kind's products may be: the more it takes to find what meets, the longer large ones compile. */
interface Blocks {
  tiled: Block;
  small: Block;
  quads: Block;
  /** Of forward passes. */
  wide: Block;
  /** Tiles and quads of signals of all outputs. */
  signals: { tiled: Block; quads: Block };
  /** Of samples in whole fours, where every column meets every term. */
  fours?: Block;
  /** Terms that a turn of the quads' loop takes, forwards and back. */
  terms: 2 | 3;
  /** Of positions beside each other, which slide a window. */
  windows?: Block;
  /** Of gradients, whose windows slide. */
  strips?: Block;
}

/** Multiplications and additions of a pass over a batch. */
const flops = ({ networks, size, positions = 1, fan_in, fan_out }: Shape) =>
  2 * networks * size * positions * fan_in * fan_out;

/** The products of a kind of layer that has weights. */
export type LayerProducts = ReturnType<typeof layerProducts>;

/**
 * The products of a kind of layer that has weights, from shaders that say what is multiplied, each with the family that it
 * belongs to (src/layers/layer_*.wgsl).
 *
 * @param name of the kind, its folder, and what its shaders' names begin with
 * @param code the shaders' texts
 * @param blocks how they are tiled
 * @param special constants of the kind's own
 */
export function layerProducts(
  name: string,
  code: Record<"values" | "forward" | "backward" | "gradient" | "signals" | "signalsStart" | "paths", string>,
  { tiled, small, quads, wide, fours, signals: signalBlocks, terms, windows, strips }: Blocks,
  special: Record<string, readonly boolean[]> = {},
) {
  const blocks = { tiled, small, lanes: [4, 8, 32] } as const;
  const source = (family: string, code: string) => ({
    folder: `src/layers/${name}`,
    file: `${name}_${family}.wgsl`,
    code,
    modules: [layerModules],
  });
  /** Of passes over a batch, whose columns are samples. */
  const loaded = (family: string) => ({
    loads: { alone: `layer_${family}_alone`, fours: `layer_${family}_fours` },
    fours,
  });
  const above = ({ fan_out, size, positions = 1, networks }: Shape): [number, number, number] => [
    fan_out,
    positions * size,
    networks,
  ];

  const sliding = (stretch: (sizes: Shape) => number) => windows && { windows: { block: windows, stretch } };
  const [slidingAbove, slidingBelow] = [
    sliding(({ width_above }) => width_above),
    sliding(({ width }) => width),
  ];
  /** Whether windows slide along an image by a pixel. */
  const slides = ({ window, window_stride }: LayerSizes): boolean => window === WINDOW && window_stride === 1;

  /** Pre-activations of the first layer, or of any at w(0); with displacements for weights their change in the first layer. */
  const values = defineProducts({
    ...source("values", code.values),
    ...loaded("values"),
    bindings: {
      params: "uniform",
      step: "step",
      run_tiles: "read",
      order: "read",
      X: "read",
      state: "read",
      z: "read-write",
    },
    params: layerParams,
    overrides: { ...special, SHUFFLED: [false, true], LINEAR: [false, true], FIRST: [false, true] },
    extent: above,
    ...blocks,
    ...slidingAbove,
    quads: wide,
    terms: 2,
    flops,
    trial: { numbers: { X: WHOLE, state: WHOLE, z: WHOLE } },
  });

  /** Pre-activations of a layer above the first less those at w(0). */
  const forward = defineProducts({
    ...source("forward", code.forward),
    ...loaded("forward"),
    bindings: {
      params: "uniform",
      step: "step",
      run_tiles: "read",
      order: "read",
      base: "read",
      state: "read",
      weights: "read",
      z: "read-write",
    },
    params: layerParams,
    overrides: { ...special, SHUFFLED: [false, true], LINEAR: [false, true] },
    extent: above,
    ...blocks,
    ...slidingAbove,
    quads: wide,
    terms,
    flops,
    trial: { numbers: { base: WHOLE, state: WHOLE, weights: WHOLE, z: WHOLE } },
  });

  /** Signals back through a layer. */
  const backward = defineProducts({
    ...source("backward", code.backward),
    ...loaded("backward"),
    bindings: {
      params: "uniform",
      step: "step",
      run_tiles: "read",
      order: "read",
      base: "read",
      z: "read",
      weights: "read",
      signal: "read",
      delta: "read-write",
    },
    params: layerParams,
    overrides: { ...special, SHUFFLED: [false, true], LINEAR: [false, true], TOP: [false, true] },
    extent: ({ fan_in, channels_below = fan_in, size, positions_below = 1, networks }) => [
      channels_below,
      positions_below * size,
      networks,
    ],
    ...blocks,
    ...slidingBelow,
    quads,
    terms,
    flops,
    trial: { numbers: { base: WHOLE, z: WHOLE, weights: WHOLE, signal: WHOLE, delta: WHOLE } },
  });

  /** Gradients of a layer's weights, summed over the batch. */
  const gradient = defineProducts({
    ...source("gradient", code.gradient),
    bindings: {
      params: "uniform",
      step: "step",
      run_tiles: "read",
      order: "read",
      X: "read",
      base: "read",
      z: "read",
      delta: "read",
      signal: "read",
      gradients: "read-write",
    },
    params: layerParams,
    overrides: {
      ...special,
      SHUFFLED: [false, true],
      LINEAR: [false, true],
      FIRST: [false, true],
      TOP: [false, true],
      START: [false, true],
    },
    extent: ({ fan_out, fan_in, networks }) => [fan_out, fan_in, networks],
    ...blocks,
    split: true,
    ...(strips && { strips }),
    quads,
    terms: 2,
    flops,
    trial: { numbers: { X: WHOLE, base: WHOLE, z: WHOLE, delta: WHOLE, signal: WHOLE } },
  });

  const back = {
    params: layerParams,
    overrides: { ...special, LINEAR: [false, true], TOP: [false, true] },
    extent: ({
      fan_in,
      channels_below = fan_in,
      samples,
      outputs = 1,
      positions_below = 1,
      networks,
    }: Shape): [number, number, number] => [channels_below, positions_below * outputs * samples, networks],
    ...signalBlocks,
    ...slidingBelow,
    flops: ({ samples, outputs = 1, positions = 1, fan_in, fan_out, networks }: Shape) =>
      6 * networks * positions * fan_in * fan_out * outputs * samples,
  };

  /** Signals back through a layer at w(0). */
  const signalsStart = defineProducts({
    ...back,
    ...source("signals_start", code.signalsStart),
    bindings: { params: "uniform", run_tiles: "read", start: "read", base: "read", signals: "read-write" },
    terms,
    trial: { numbers: { start: WHOLE, base: WHOLE, signals: WHOLE } },
  });

  /** Their changes since. */
  const signals = defineProducts({
    ...back,
    ...source("signals", code.signals),
    bindings: {
      params: "uniform",
      run_tiles: "read",
      state: "read",
      weights: "read",
      base: "read",
      z: "read",
      signals: "read",
      changes: "read-write",
    },
    trial: {
      numbers: { state: WHOLE, weights: WHOLE, base: WHOLE, z: WHOLE, signals: WHOLE, changes: WHOLE },
    },
  });

  /** Sums over paths from the inputs (Neyshabur et al. 2015). */
  const paths = defineKernel({
    ...source("paths", code.paths),
    bindings: { params: "uniform", run_tiles: "read", weights: "read", paths: "read-write" },
    params: layerParams,
    overrides: { ...special, FIRST: [false, true] },
    grid: ({ fan_out, positions = 1, networks }) => [ceilDiv(fan_out * positions, 64), networks],
  });

  /** Of so many columns of each unit and position: a unit below meets weights of every channel above, whatever its position. */
  const sizeBack = (sizes: LayerSizes, columns: number) => ({
    rows: sizes.channels_below,
    columns: sizes.positions_below * columns,
    terms: (sizes.fan_in / sizes.channels_below) * sizes.fan_out,
    stretch: slides(sizes) ? sizes.width : undefined,
  });

  const kernels: LayerKernels = {
    paths,
    forward: (values_, sizes, samples, tiling, inFours) =>
      choiceOf(
        values_ ? values : forward,
        {
          rows: sizes.fan_out,
          columns: sizes.positions * samples,
          stretch: slides(sizes) ? sizes.width_above : undefined,
          inFours,
        },
        tiling,
      ),
    backward: (sizes, samples, tiling, inFours) =>
      choiceOf(backward, { ...sizeBack(sizes, samples), inFours }, tiling),
    gradient: (sizes, tiling) =>
      choiceOf(
        gradient,
        { rows: sizes.fan_out, columns: sizes.fan_in, strip: slides(sizes) ? sizes.width_above : undefined },
        tiling,
      ),
    plainGradient: { variants: [], standard: { kernel: gradient.plain, overrides: { LANES: 64, ROWS: 1 } } },
    signals: (start, sizes, columns, tiling) =>
      choiceOf(start ? signalsStart : signals, sizeBack(sizes, columns), tiling),
  };
  return { values, forward, backward, gradient, signals, signalsStart, paths, kernels };
}

import type * as v from "valibot";
import type { Extent, LayerSpecification } from "../document/types.ts";
import type { Choice } from "../wgsl/choice.ts";
import type { Kernel } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";

/** Numbers of a sample. */
export const sizeOf = ({ channels, height, width }: Extent): number => channels * height * width;

/**
 * Where a layer lies among a network's numbers: fields of `struct Params` (src/layers/layer.wgsl), and how many rows and columns
 * its products have.
 */
export interface LayerSizes {
  /** First weight; weights are [fan_out, fan_in], row-major. A layer without any has a fan_out of 0. */
  offset: number;
  fan_in: number;
  fan_out: number;
  /** First rows of its units below and above among the network's; the input has none. */
  below: number;
  above: number;
  window: number;
  window_stride: number;
  padding: number;
  height: number;
  width: number;
  height_above: number;
  width_above: number;
  /** Channels below, positions of each, and positions of each channel above. */
  channels_below: number;
  positions_below: number;
  positions: number;
}

/** A layer of a network, as its float64 reference takes it. */
export interface ReferenceLayer {
  reference: LayerReference;
  /** Whether its units are rectified, and what comes in; of the input that is never asked. */
  rectified: boolean;
  gated: boolean;
  sizes: LayerSizes;
}

/** A layer of a network. */
export interface Layer<Kernels = unknown> extends LayerShape, ReferenceLayer {
  kernels: Kernels;
}

/** One whose kernels are not fetched yet, and one that is compiled. */
export type WrittenLayer = Layer<() => Promise<LayerKernels>>;
export type CompiledLayer = Layer<LayerKernels>;

/** What a kind of layer makes of an extent below. */
export interface LayerShape {
  above: Extent;
  /** Whether its units are rectified, where the network's are. */
  rectified: boolean;
  /** Weights are [fan_out, fan_in]; 0 of a layer that has none. */
  fan_in: number;
  fan_out: number;
  window: number;
  stride: number;
  padding: number;
  /** Constants of its kernels. */
  overrides?: Record<string, boolean>;
}

/** A kind of layer, of what documents say of one. */
export interface LayerKind<Specification = LayerSpecification> {
  /** The key that tells it in documents, and its folder. */
  name: string;
  schema: v.GenericSchema<unknown, Specification>;
  /** Whether it has weights: these layers count in the degree of homogeneity. */
  hasWeights: boolean;
  /** Whether it is linear where nothing is rectified. */
  isLinear: boolean;
  /**
   * What it makes of what lies below.
   *
   * @throws RangeError saying what does not fit
   */
  shape(specification: Specification, below: Extent): LayerShape;
  /** What it computes with: shaders that a page fetches for the layers that its networks have. */
  kernels(): Promise<LayerKernels>;
  reference: LayerReference;
}

/**
 * The float64 reference of a kind of layer: linear maps of one sample, whose weights are [fan_out, fan_in]. Given absolute
 * values they make the bounds of what float32 rounds (src/models/relu.bound.ts).
 */
export interface LayerReference {
  /** W h, of what comes in, rectified. */
  forward(sizes: LayerSizes, W: Float64Array, h: Float64Array): Float64Array;
  /** W^T b of signals back; `h` is what came in. */
  backward(sizes: LayerSizes, W: Float64Array, b: Float64Array, h: Float64Array): Float64Array;
  /** Adds b h^T to the gradient. */
  gradient(sizes: LayerSizes, b: Float64Array, h: Float64Array, G: Float64Array): void;
}

/** What a kind of layer computes with: work that all kinds bind alike (src/models/relu-network.ts). */
export interface LayerKernels {
  /**
   * Goes forward.
   *
   * @param values of what comes in, in place of their change: in the first layer, and at w(0)
   * @param inFours whether samples come in whole fours, in order
   */
  forward(values: boolean, sizes: LayerSizes, samples: number, tiling: Tiling, inFours: boolean): Choice;
  /** Sends the batch's signals back, whatever its order. */
  backward(sizes: LayerSizes, samples: number, tiling: Tiling, inFours: boolean): Choice;
  /** Sums up gradients of weights; undefined of layers without any. */
  gradient?(sizes: LayerSizes, tiling: Tiling): Choice;
  /** The same in the plain order of sums, with START. */
  plainGradient?: Choice;
  /** Sends signals of every output back at w(0), or their changes since; `columns` of each unit and position. */
  signals(start: boolean, sizes: LayerSizes, columns: number, tiling: Tiling): Choice;
  /** Sums over paths from the inputs of the product of absolute weights. */
  paths: Kernel;
}

/** Tangent kernels of networks between test and training inputs. */

import kernelCode from "../../shaders/relu_cross_kernel.wgsl?raw";
import sidesCode from "../../shaders/relu_sides.wgsl?raw";
import { layerModules } from "../layers/modules.ts";
import { layerParams } from "../layers/params.ts";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import { crossBlocks } from "./cross-blocks.ts";

/** A layer's activations and signals back, of the weights as they are. */
export const reluSides = defineKernel({
  file: "relu_sides.wgsl",
  modules: [layerModules],
  code: sidesCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    weights: "read",
    base: "read",
    z: "read",
    sides: "read-write",
  },
  params: layerParams,
  overrides: { LINEAR: [false, true], TOP: [false, true] },
  grid: ({ samples, outputs = 1, fan_in, networks }) => [ceilDiv(outputs * samples, 64), fan_in, networks],
});

/** A layer's part of K between test and training inputs, by products of Gram matrices (Jacot et al. 2018). */
export const reluCrossKernel = defineProducts({
  ...crossBlocks,
  file: "relu_cross_kernel.wgsl",
  modules: [layerModules],
  code: kernelCode,
  hadamard: true,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    test_X: "read",
    sides: "read",
    test_sides: "read",
    runs: "read",
    K: "read-write",
  },
  params: layerParams,
  overrides: { FIRST: [false, true], TOP: [false, true] },
  flops: ({ samples, testSamples, outputs = 1, fan_in, fan_out, run_tiles }) =>
    2 * run_tiles * (fan_in + outputs * fan_out) * samples * testSamples,
  trial: { numbers: { X: WHOLE, test_X: WHOLE, sides: WHOLE, test_sides: WHOLE, runs: [1], K: WHOLE } },
});

/** Ways to make a layer's part of them. */
export const crossKernelsOf = (testSamples: number, samples: number, tiling: Tiling): Choice =>
  choiceOf(reluCrossKernel, { rows: testSamples, columns: samples }, tiling);

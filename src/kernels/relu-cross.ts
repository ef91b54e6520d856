/** Tangent kernels of networks between test and training inputs. */

import activationsCode from "../../shaders/relu_activations.wgsl?raw";
import kernelCode from "../../shaders/relu_cross_kernel.wgsl?raw";
import { layerModules } from "../layers/modules.ts";
import { layerParams } from "../layers/params.ts";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import { crossBlocks } from "../products/cross-blocks.ts";

/** Activations of all units, of the weights as they are. */
export const reluActivations = defineKernel({
  file: "relu_activations.wgsl",
  modules: [layerModules],
  code: activationsCode,
  bindings: { params: "uniform", run_tiles: "read", base: "read", z: "read", H: "read-write" },
  params: layerParams,
  overrides: { LINEAR: [false, true] },
  grid: ({ samples, units, networks }) => [ceilDiv(samples, 64), Math.min(units, 65_535), networks],
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
    incoming: "read",
    test_incoming: "read",
    signals: "read",
    test_signals: "read",
    runs: "read",
    K: "read-write",
  },
  params: layerParams,
  overrides: { FIRST: [false, true], TOP: [false, true], ADDS: [false, true] },
  flops: ({ samples, testSamples, outputs = 1, fan_in, fan_out, run_tiles }) =>
    2 * run_tiles * (fan_in + outputs * fan_out) * samples * testSamples,
  trial: {
    numbers: {
      incoming: WHOLE,
      test_incoming: WHOLE,
      signals: WHOLE,
      test_signals: WHOLE,
      runs: [1],
      K: WHOLE,
    },
  },
});

/** Ways to make a layer's part of them. */
export const crossKernelsOf = (testSamples: number, samples: number, tiling: Tiling): Choice =>
  choiceOf(reluCrossKernel, { rows: testSamples, columns: samples }, tiling);

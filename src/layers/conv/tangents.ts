import jacobianCode from "./conv_jacobian.wgsl?raw";
import crossCode from "./conv_cross.wgsl?raw";
import gramCode from "./conv_gram.wgsl?raw";
import tangentsCode from "./conv_tangents.wgsl?raw";
import { crossBlocks } from "../../products/cross-blocks.ts";
import { choiceOf, defineProducts } from "../../products/products.ts";
import type { Choice } from "../../wgsl/choice.ts";
import { WHOLE, defineKernel, triangle } from "../../wgsl/kernel.ts";
import type { Tiling } from "../../wgsl/lanes.ts";
import type { LayerSizes } from "../layer.ts";
import { layerModules } from "../modules.ts";
import { layerParams } from "../params.ts";

/** Gradients of single samples by weights of a convolution, and their changes since w(0). */
export const convTangents = defineProducts({
  folder: "src/layers/conv",
  modules: [layerModules],
  file: "conv_tangents.wgsl",
  code: tangentsCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    base: "read",
    z: "read",
    signals: "read",
    changes: "read",
    tangents: "read-write",
  },
  params: layerParams,
  overrides: {
    STRIDED: [false, true],
    LINEAR: [false, true],
    FIRST: [false, true],
    START: [false, true],
    OWN: [false, true],
  },
  extent: ({ fan_in, first_weight, weight_count, signal_count, slots, copies }) => [
    Math.floor((first_weight + weight_count - 1) / fan_in) - Math.floor(first_weight / fan_in) + 1,
    fan_in,
    slots * copies * signal_count,
  ],
  tiled: { rows: 8, columns: 4 },
  small: { rows: 4, columns: 4 },
  quads: { rows: 16, columns: 4 },
  lanes: [4, 8, 32],
  flops: ({ signal_count, weight_count, positions, slots, copies }) =>
    6 * slots * copies * weight_count * positions * signal_count,
  trial: { numbers: { X: WHOLE, base: WHOLE, z: WHOLE, signals: WHOLE, changes: WHOLE, tangents: WHOLE } },
});

/** Ways to make them. */
export const convTangentsOf = ({ fan_in, fan_out }: LayerSizes, tiling: Tiling): Choice =>
  choiceOf(convTangents, { rows: fan_out, columns: fan_in }, tiling);

/** What they add to tangent kernels. */
export const convGram = defineProducts({
  folder: "src/layers/conv",
  modules: [layerModules],
  file: "conv_gram.wgsl",
  code: gramCode,
  bindings: { params: "uniform", tangents: "read", K: "read-write" },
  params: layerParams,
  overrides: { FIRST: [false, true], FULL: [false, true], CHANGE: [false, true] },
  extent: ({ side, slots }) => [side, side, slots],
  tiled: { rows: 8, columns: 8 },
  quads: { rows: 16, columns: 4 },
  flops: ({ side, slots, copies, weight_count }) => 6 * slots * copies * weight_count * triangle(side),
  trial: { numbers: { tangents: WHOLE, K: WHOLE } },
});

/** What they add to tangent kernels between test and training inputs. */
export const convCross = defineProducts({
  ...crossBlocks,
  folder: "src/layers/conv",
  modules: [layerModules],
  file: "conv_cross.wgsl",
  code: crossCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    tangents: "read",
    test_tangents: "read",
    runs: "read",
    K: "read-write",
  },
  params: layerParams,
  overrides: { ADDS: [false, true] },
  flops: ({ samples, testSamples, copies, outputs = 1, weight_count, run_tiles }) =>
    2 * run_tiles * copies * weight_count * outputs * samples * testSamples,
  trial: { numbers: { tangents: WHOLE, test_tangents: WHOLE, runs: [1], K: WHOLE } },
});

/** What they add to <J0, J0>, <J0, J - J0> and |J - J0|^2 of Jacobians. */
export const convJacobian = defineKernel({
  folder: "src/layers/conv",
  modules: [layerModules],
  file: "conv_jacobian.wgsl",
  code: jacobianCode,
  bindings: { params: "uniform", run_tiles: "read", tangents: "read", out: "read-write" },
  params: layerParams,
  overrides: { ADDS: [false, true] },
  grid: ({ run_tiles }) => [run_tiles],
});

/** Ways to add them up, and of test and training inputs. */
export const convGramsOf = (side: number, tiling: Tiling): Choice =>
  choiceOf(convGram, { rows: side, columns: side }, tiling);

export const convCrossOf = (testSamples: number, samples: number, tiling: Tiling): Choice =>
  choiceOf(convCross, { rows: testSamples, columns: samples }, tiling);

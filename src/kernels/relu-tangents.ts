import jacobianCode from "../../shaders/relu_jacobian.wgsl?raw";
import kernelCode from "../../shaders/relu_kernel.wgsl?raw";
import kernelVectorsCode from "../../shaders/relu_kernel_vectors.wgsl?raw";
import kernelStartCode from "../../shaders/relu_kernel_start.wgsl?raw";
import kernelStartVectorsCode from "../../shaders/relu_kernel_start_vectors.wgsl?raw";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { type Shape, WHOLE, defineKernel, triangle } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import { layerParams } from "../layers/params.ts";
import { layerModules } from "../layers/modules.ts";

const blocks = { tiled: { rows: 8, columns: 8 }, quads: { rows: 16, columns: 4 } } as const;

const kernel = {
  params: layerParams,
  overrides: {
    LINEAR: [false, true],
    FIRST: [false, true],
    TOP: [false, true],
    FULL: [false, true],
    ALONE: [false, true],
  },
  hadamard: true,
  extent: ({ samples, side = samples, slots }: Shape): [number, number, number] => [side, side, slots],
  ...blocks,
  flops: ({ samples, side = samples, fan_in, fan_out, slots }: Shape) =>
    6 * slots * (fan_in + fan_out) * triangle(side),
};

/** A layer's part of K0 (Jacot et al. 2018), by products of Gram matrices. */
export const reluKernelStart = defineProducts({
  ...kernel,
  file: "relu_kernel_start.wgsl",
  modules: [layerModules],
  code: kernelStartCode,
  vectors: { file: "relu_kernel_start_vectors.wgsl", code: kernelStartVectorsCode },
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    base: "read",
    signals: "read",
    K: "read-write",
  },
  terms: 2,
  trial: { numbers: { X: WHOLE, base: WHOLE, signals: WHOLE, K: WHOLE } },
});

/** A layer's part of K - K0. */
export const reluKernel = defineProducts({
  ...kernel,
  file: "relu_kernel.wgsl",
  modules: [layerModules],
  code: kernelCode,
  vectors: { file: "relu_kernel_vectors.wgsl", code: kernelVectorsCode },
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    base: "read",
    z: "read",
    signals: "read",
    changes: "read",
    K: "read-write",
  },
  trial: { numbers: { X: WHOLE, base: WHOLE, z: WHOLE, signals: WHOLE, changes: WHOLE, K: WHOLE } },
});

/** What a layer's weights add to <J0, J0>, <J0, J - J0> and |J - J0|^2 of Jacobians. */
export const reluJacobian = defineKernel({
  file: "relu_jacobian.wgsl",
  modules: [layerModules],
  code: jacobianCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    base: "read",
    z: "read",
    signals: "read",
    changes: "read",
    out: "read-write",
  },
  params: layerParams,
  overrides: { LINEAR: [false, true], FIRST: [false, true], TOP: [false, true], ADDS: [false, true] },
  grid: ({ run_tiles }) => [run_tiles],
});

/**
 * Ways to make a layer's part of tangent kernels at w(0), or of their changes.
 *
 * @param side rows of the kernels
 */
export const layerKernelsOf = (start: boolean, side: number, samples: number, tiling: Tiling): Choice =>
  choiceOf(
    start ? reluKernelStart : reluKernel,
    { rows: side, columns: side, inVectors: samples % 4 === 0 },
    tiling,
  );

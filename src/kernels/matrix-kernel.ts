import entriesCode from "../../shaders/matrix_kernel.wgsl?raw";
import kernelCode from "../../shaders/matrix_kernel_sides.wgsl?raw";
import sidesCode from "../../shaders/matrix_sides.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

const sizes = {
  samples: "u32",
  channels: "u32",
  first: "u32",
  size: "u32",
  rows: "u32",
  columns: "u32",
  pairs: "u32",
} as const;

/** Tangent kernels on entries of the matrix, from pairs of Gram matrices. */
export const matrixKernel = defineKernel({
  file: "matrix_kernel.wgsl",
  code: entriesCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    cells: "read",
    pairs: "read",
    work: "read",
    K: "read-write",
  },
  params: { ...sizes, factor: "f32" },
  overrides: { CROSSED: [false, true] },
  grid: ({ samples, slots }) => [ceilDiv(samples, 64), samples, slots],
});

/** P A_i and A_i Q of dense measurements. */
export const matrixSides = defineKernel({
  file: "matrix_sides.wgsl",
  code: sidesCode,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    pairs: "read",
    work: "read",
    sides: "read-write",
  },
  params: sizes,
  overrides: { CROSSED: [false, true] },
  grid: ({ inputs, samples, slots }) => [ceilDiv(inputs, 64), samples, slots],
});

/** Tangent kernels on dense measurements, from those. */
export const matrixKernelSides = defineKernel({
  file: "matrix_kernel_sides.wgsl",
  code: kernelCode,
  bindings: { params: "uniform", sides: "read", K: "read-write" },
  params: { samples: "u32", inputs: "u32", slot: "u32", pairs: "u32", factor: "f32" },
  grid: ({ samples, slots }) => [ceilDiv(samples, 64), samples, slots],
});

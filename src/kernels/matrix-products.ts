import code from "../../shaders/matrix_products.wgsl?raw";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { WHOLE } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";

/** One operation of large matrix models, a product of the family's for each run. */
export const matrixProducts = defineProducts({
  file: "matrix_products.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    program: "uniform",
    tiles: "read",
    work: "read-write",
    horizon: "read-write",
  },
  params: { channels: "u32", size: "u32", head: "u32", begin: "u32" },
  overrides: { TRAINS: [false, true], ADDS: [false, true], WATCHES: [false, true] },
  extent: ({ entries, height, width }) => [height, width, entries],
  tiled: { rows: 8, columns: 5 },
  quads: { rows: 20, columns: 5 },
  loads: { alone: "matrix_products_alone", fours: "matrix_products_fours" },
  fours: { rows: 16, columns: 8 },
  small: { rows: 4, columns: 4 },
  hadamard: true,
  terms: 4,
  flops: ({ entries, height, width, terms }) => 2 * entries * height * width * terms,
  trial: { numbers: { work: WHOLE } },
});

/**
 * Ways to make an operation's matrix of so many rows and columns.
 *
 * @param inFours whether the right matrices, and what is written, lie row after row, in whole fours
 */
export const matrixProductsOf = (rows: number, columns: number, inFours: boolean, tiling: Tiling): Choice =>
  choiceOf(matrixProducts, { rows, columns, inFours }, tiling);

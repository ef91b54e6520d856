import code from "../../shaders/predictor_products.wgsl?raw";
import { choiceOf, defineProducts, rowsOf } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { WHOLE } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";

const MOST_ROWS = 20;
/** Of blocks of fours, which have more columns. */
const FOURS = { rows: 16, columns: 8 };

/** Products of runs' rows with the data they share, forwards (residuals of linear predictors) or back (gradients). */
export const predictorProducts = defineProducts({
  file: "predictor_products.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    tiles: "read",
    order: "read",
    X: "read",
    y: "read",
    rows: "read",
    products: "read-write",
  },
  params: {
    samples: "u32",
    inputs: "u32",
    channels: "u32",
    capacity: "u32",
    streams: "u32",
    room: "u32",
    stride: "u32",
  },
  overrides: { SHUFFLED: [false, true], BACK: [false, true] },
  extent: ({ room, size, inputs, tiles }, { BACK }) => [room, BACK ? inputs : size, tiles],
  tiled: { rows: 8, columns: 10 },
  quads: { rows: MOST_ROWS, columns: 5 },
  loads: { alone: "predictor_alone", fours: "predictor_fours" },
  fours: FOURS,
  staged: MOST_ROWS,
  terms: 4,
  flops: ({ rows, size, inputs }) => 2 * rows * size * inputs,
  trial: { numbers: { X: WHOLE, y: WHOLE, rows: WHOLE } },
});

/** Rows of a tile, where so many in all share their data: in few tiles, evenly filled. */
export const tileRows = (rows: number, { fours }: Pick<Tiling, "fours">): number =>
  rowsOf(rows, fours ? FOURS.rows : MOST_ROWS);

/**
 * Ways to make products of `columns` columns with tiles that have room for `room` rows.
 *
 * @param inFours whether rows of X are whole fours, and in order
 * @param plain small work, soon over
 */
export function productsOf(
  columns: number,
  room: number,
  tiling: Tiling,
  { inFours = false, plain = false }: { inFours?: boolean; plain?: boolean } = {},
): Choice {
  const choice = choiceOf(predictorProducts, { rows: room, columns, inFours }, tiling);
  return plain ? { ...choice, standard: choice.variants[0] } : choice;
}

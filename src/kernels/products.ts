import quadCode from "../../shaders/quad_products.wgsl?raw";
import stagedCode from "../../shaders/staged_products.wgsl?raw";
import type { Choice } from "../wgsl/choice.ts";
import { type Shape, WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import type { Cut } from "../wgsl/lanes.ts";

const shared = {
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
  params: { samples: "u32", inputs: "u32", channels: "u32", capacity: "u32", streams: "u32" },
  flops: ({ rows, size, inputs }: Shape) => 2 * rows * size * inputs,
  trial: { numbers: { X: WHOLE, y: WHOLE, rows: WHOLE } },
} as const;
const forwardsOrBack = { SHUFFLED: [false, true], BACK: [false, true] } as const;

/** Products of runs' rows with the data they share, forwards (residuals) or back (gradients): four neighbours trade rows. */
export const quadProducts = defineKernel({
  ...shared,
  file: "quad_products.wgsl",
  code: quadCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], COLUMNS: [5, 1, 4], GROUPS: [5, 1, 2, 3, 4], ...forwardsOrBack },
  grid: ({ size, inputs, largeTiles }, { LANES, COLUMNS, BACK }) => [
    ceilDiv(BACK ? inputs : size, Number(LANES) * Number(COLUMNS)),
    largeTiles,
  ],
});

/** The same, by rows in workgroup memory. */
export const stagedProducts = defineKernel({
  ...shared,
  file: "staged_products.wgsl",
  code: stagedCode,
  overrides: { LANES: [64, 128], GROUPS: [5, 1, 2, 3, 4], ...forwardsOrBack },
  grid: ({ size, inputs, largeTiles }, { LANES, BACK }) => [
    ceilDiv(BACK ? inputs : size, Number(LANES)),
    largeTiles,
  ],
});

/** The most columns, and groups of four rows, that an invocation holds in registers. */
const MOST = 5;

/** `count` fours, cut into as few parts of at most `MOST` as can be, evenly filled: the fours of a part. */
function evenly(count: number): number {
  const fours = ceilDiv(count, 4);
  return ceilDiv(fours, ceilDiv(fours, MOST));
}

/** Groups of four rows of a tile, where so many rows in all share their data. */
export const groupsOfRows = evenly;

/** Ways to make products of `columns` columns, in tiles of the same rows. */
export function productsOf(columns: number, groups: number, { quads, software }: Cut): Choice {
  const traded = (LANES: number) => ({
    kernel: quadProducts,
    overrides: { LANES, COLUMNS: evenly(columns), GROUPS: groups },
  });
  const staged = (LANES: number) => ({ kernel: stagedProducts, overrides: { LANES, GROUPS: groups } });
  const variants = [staged(64), staged(128), ...(quads ? [traded(4), traded(32)] : [])];
  // A software adapter's workgroup memory is as far as any other.
  return { variants, standard: software && quads ? traded(4) : staged(64) };
}

import code from "../../shaders/quad_products.wgsl?raw";
import { ceilDiv, defineKernel } from "./kernel.ts";

/** Products of runs' rows with the data they share, forwards (residuals) or back (gradients): four neighbours trade rows. */
export const quadProducts = defineKernel({
  file: "quad_products.wgsl",
  code,
  features: ["subgroups"],
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
  overrides: {
    LANES: [4, 32],
    COLUMNS: [5, 1, 4],
    GROUPS: [5, 1, 2, 3, 4],
    SHUFFLED: [false, true],
    BACK: [false, true],
  },
  grid: ({ size, inputs, largeTiles }, { LANES, COLUMNS, BACK }) => [
    ceilDiv(BACK ? inputs! : size!, Number(LANES) * Number(COLUMNS)),
    largeTiles!,
  ],
  flops: ({ rows, size, inputs }) => 2 * rows! * size! * inputs!,
});

/** The most columns, and groups of four rows, that an invocation holds in registers. */
const MOST = 5;

/** `count` fours, cut into as few parts of at most `MOST` as can be, evenly filled: the fours of a part. */
function evenly(count: number): number {
  const fours = ceilDiv(count, 4);
  return ceilDiv(fours, ceilDiv(fours, MOST));
}

/** Groups of four rows that tiles of `rows` rows in all hold. */
export const quadGroups = evenly;
/** Columns that each of four neighbours owns, of `columns` in all. */
export const quadColumns = evenly;

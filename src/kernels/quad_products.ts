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
  grid: ({ size, inputs, quadTiles }, { LANES, COLUMNS, BACK }) => [
    ceilDiv(BACK ? inputs! : size!, Number(LANES) * Number(COLUMNS)),
    quadTiles!,
  ],
  flops: ({ rows, size, inputs }) => 2 * rows! * size! * inputs!,
});

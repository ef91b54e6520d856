import code from "../../shaders/residual.wgsl?raw";
import { type Choice, offered } from "../wgsl/choice.ts";
import { type Shape, WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { type Cut, tileWidth } from "../wgsl/lanes.ts";

const shared = {
  file: "residual.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    tiles: "read",
    order: "read",
    X: "read",
    y: "read",
    beta: "read",
    r: "read-write",
  },
  params: { samples: "u32", inputs: "u32", channels: "u32", capacity: "u32", streams: "u32" },
  flops: ({ rows, size, inputs }: Shape) => 2 * rows * size * inputs,
  trial: { numbers: { X: WHOLE, y: WHOLE, beta: WHOLE } },
} as const;

/** r[row, j] = X[j] · beta[row] − y[j] for the samples j of a batch: one sample of one run's rows an invocation. */
export const residual = defineKernel({
  ...shared,
  entry: "plain",
  overrides: { LANES: [64, 4], SHUFFLED: [false, true] },
  grid: ({ size, tiles }, { LANES }) => [ceilDiv(size, Number(LANES)), tiles],
});

/** The same in tiles of 8 rows × WIDTH samples an invocation. */
export const residualTiled = defineKernel({
  ...shared,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32], WIDTH: [13, 1, 5], SHUFFLED: [false, true] },
  grid: ({ size, tiles }, { LANES, WIDTH }) => [ceilDiv(size, Number(WIDTH ?? 13) * Number(LANES)), tiles],
});

/** Ways to compute residuals of `size` samples; in tiles, or not, as `small` work is, where none is known to be faster. */
export function residualsOf(size: number, { tiled, lanes }: Cut, small = false): Choice {
  const one = (LANES: number) => ({ kernel: residual, overrides: { LANES } });
  const tile = (LANES: number) => ({
    kernel: residualTiled,
    overrides: { LANES, WIDTH: tileWidth(size, LANES) },
  });
  return {
    variants: [...offered(residual, "LANES").map(one), ...offered(residualTiled, "LANES").map(tile)],
    standard: (tiled && !small ? tile : one)(tiled ? lanes : 64),
  };
}

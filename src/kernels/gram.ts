import code from "../../shaders/gram.wgsl?raw";
import quadsCode from "../../shaders/gram_quads.wgsl?raw";
import { type Choice, offered } from "./choice.ts";
import { type Shape, WHOLE, ceilDiv, defineKernel, triangle } from "./kernel.ts";
import { type Cut, quadTile, quadTiles } from "./lanes.ts";

const shared = {
  file: "gram.wgsl",
  code,
  bindings: { params: "uniform", singles: "read", X: "read", weights: "read", K: "read-write" },
  params: { samples: "u32", inputs: "u32", channels: "u32", first: "u32" },
  flops: ({ samples, inputs, slots }: Shape) => 3 * slots! * inputs! * triangle(samples!),
  trial: { numbers: { X: WHOLE, weights: WHOLE } },
} as const;

/** K[slot] = X diag(weights[run]) Xᵀ: tangent kernels of elementwise models (Woodworth et al. 2020, eq. 2). */
export const gram = defineKernel({
  ...shared,
  entry: "plain",
  grid: ({ samples, slots }) => [ceilDiv(samples!, 8), ceilDiv(samples!, 8), slots!],
});

/** The same in tiles of 8 rows × 8 columns an invocation. */
export const gramTiled = defineKernel({
  ...shared,
  entry: "tiled",
  overrides: { LANES: [4, 8, 16, 32] },
  grid: ({ samples, slots }, { LANES }) => [
    ceilDiv(samples!, 8 * Number(LANES)),
    ceilDiv(samples!, 8),
    slots!,
  ],
});

/** The same in quads of 4 GROUPS rows × 4 COLUMNS columns. */
export const gramQuads = defineKernel({
  ...shared,
  file: "gram_quads.wgsl",
  code: quadsCode,
  features: ["subgroups"],
  overrides: { LANES: [4, 32], ...quadTiles },
  grid: ({ samples, slots }, { LANES, COLUMNS, GROUPS }) => [
    ceilDiv(samples!, Number(LANES) * Number(COLUMNS)),
    ceilDiv(samples!, 4 * Number(GROUPS)),
    slots!,
  ],
});

/** Ways to make Gram matrices of `samples`. */
export function gramsOf(samples: number, { tiled, lanes, software, quads }: Cut): Choice {
  const plain = { kernel: gram, overrides: {} };
  const tile = (LANES: number) => ({ kernel: gramTiled, overrides: { LANES } });
  const quad = (LANES: number) => ({
    kernel: gramQuads,
    overrides: { LANES, ...quadTile(samples, samples, gramQuads) },
  });
  return {
    variants: [
      plain,
      ...offered(gramTiled, "LANES").map(tile),
      ...(quads ? offered(gramQuads, "LANES").map(quad) : []),
    ],
    standard: !tiled ? plain : (quads && software ? quad : tile)(lanes),
  };
}

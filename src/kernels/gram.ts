import code from "../../shaders/gram.wgsl?raw";
import { type Choice, offered } from "./choice.ts";
import { type Shape, WHOLE, ceilDiv, defineKernel, triangle } from "./kernel.ts";

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

/** Ways to make Gram matrices; in tiles, or not, where none is known to be faster. */
export function gramsOf(tiled: boolean, lanes: number): Choice {
  const plain = { kernel: gram, overrides: {} };
  const tile = (LANES: number) => ({ kernel: gramTiled, overrides: { LANES } });
  return {
    variants: [plain, ...offered(gramTiled, "LANES").map(tile)],
    standard: tiled ? tile(lanes) : plain,
  };
}

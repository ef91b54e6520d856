import code from "../../shaders/gram.wgsl?raw";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { WHOLE, triangle } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";

/** K[slot] = X diag(weights[run]) Xᵀ: tangent kernels of elementwise models (Woodworth et al. 2020, eq. 2). */
export const gram = defineProducts({
  file: "gram.wgsl",
  code,
  bindings: { params: "uniform", run_tiles: "read", X: "read", weights: "read", K: "read-write" },
  params: { samples: "u32", inputs: "u32", channels: "u32", first: "u32" },
  extent: ({ samples, slots }) => [samples, samples, slots],
  tiled: { rows: 8, columns: 8 },
  quads: { rows: 16, columns: 4 },
  terms: 2,
  flops: ({ samples, inputs, slots }) => 3 * slots * inputs * triangle(samples),
  trial: { numbers: { X: WHOLE, weights: WHOLE } },
});

/** Ways to make Gram matrices of `samples`. */
export const gramsOf = (samples: number, tiling: Tiling): Choice =>
  choiceOf(gram, { rows: samples, columns: samples }, tiling);

import code from "../../shaders/gram_cross.wgsl?raw";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { WHOLE } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import { crossBlocks } from "../products/cross-blocks.ts";

/** K[run] = X′ diag(w) Xᵀ: tangent kernels of elementwise models. */
export const gramCross = defineProducts({
  ...crossBlocks,
  file: "gram_cross.wgsl",
  code,
  bindings: {
    params: "uniform",
    run_tiles: "read",
    X: "read",
    test_X: "read",
    start: "read",
    change: "read",
    runs: "read",
    K: "read-write",
  },
  params: { samples: "u32", test_samples: "u32", inputs: "u32", channels: "u32" },
  flops: ({ samples, testSamples, inputs, run_tiles }) => 2 * run_tiles * inputs * samples * testSamples,
  trial: { numbers: { X: WHOLE, test_X: WHOLE, start: WHOLE, change: WHOLE, runs: [1] } },
});

/** Ways to make these kernels. */
export const crossGramsOf = (testSamples: number, samples: number, tiling: Tiling): Choice =>
  choiceOf(gramCross, { rows: testSamples, columns: samples }, tiling);

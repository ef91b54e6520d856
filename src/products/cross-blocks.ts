import type { Shape } from "../wgsl/kernel.ts";

/** How kernels between test and training inputs are cut. */
export const crossBlocks = {
  extent: ({ samples, testSamples, run_tiles }: Shape): [number, number, number] => [
    testSamples,
    samples,
    run_tiles,
  ],
  tiled: { rows: 4, columns: 1 },
  quads: { rows: 16, columns: 4 },
};

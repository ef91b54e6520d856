import code from "../../shaders/shuffle.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";

const shared = {
  file: "shuffle.wgsl",
  code,
  bindings: { params: "uniform", step: "step", seeds: "read", keys: "read-write", order: "read-write" },
  params: { samples: "u32", streams: "u32", tag: "u32", noise_tag: "u32", noisy_epochs: "u32" },
  grid: ({ samples, streams, epochs }: Record<string, number>): [number, number, number] => [
    ceilDiv(samples, 64),
    streams,
    epochs,
  ],
} as const;

/** A 64-bit Threefry key for every sample, stream and epoch of a block (Salmon et al. 2011). */
export const shuffleDraw = defineKernel({ ...shared, entry: "draw" });

/** The orders of a block of epochs: samples by rising key, or their own, with signs of the noise on labels. */
export const shuffleRank = defineKernel({ ...shared, entry: "rank", overrides: { SORTED: [true, false] } });

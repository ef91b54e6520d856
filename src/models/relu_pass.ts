import type { Shape } from "../kernels/kernel.ts";

/** Samples that networks are run on, and where their numbers go. */
export interface Pass {
  /** Runs, one an entry, and how many. */
  table: GPUBuffer;
  entries: "each" | "singles";
  samples: number;
  capacity: number;
  shuffled: boolean;
  test: boolean;
  X: GPUBuffer;
  y: GPUBuffer;
  /** Z0 [runs, units, samples]; dZ [runs, copies, units, capacity]; rows [runs, channels, capacity]. */
  base: GPUBuffer;
  z: GPUBuffer;
  signal: GPUBuffer;
  linear: GPUBuffer | undefined;
}

/** Numbers of a network that every kernel of it shares. */
export interface Sizes {
  copies: number;
  units: number;
  stride: number;
  parameters: number;
  inputs: number;
  channels: number;
  /** Where the twin's numbers begin in a run's state. */
  twin: number;
}

/** Sizes of a dispatch over a pass, over the plan's own. */
export const shapeOf =
  (shared: Sizes, { entries, capacity, samples }: Pass, own: Record<string, number> = {}) =>
  (plan: Shape) => ({
    ...shared,
    size: capacity,
    samples,
    entries: plan[entries]!,
    networks: (own.copies ?? shared.copies) * plan[entries]!,
    ...own,
  });

import type { Shape } from "../wgsl/kernel.ts";

/** Samples that networks are run on, and where their numbers go. */
export interface Pass {
  /** Runs, one an entry, and how many: those that train, those that are recorded, or all that there were. */
  table: GPUBuffer;
  entries: "each" | "singles" | "all";
  samples: number;
  capacity: number;
  shuffled: boolean;
  test: boolean;
  /** Its own step, where its samples are neither the training's nor the test set's. */
  step?: GPUBuffer;
  X: GPUBuffer;
  y: GPUBuffer;
  /** Z0 [runs, units, samples]; dZ [runs, copies, units, capacity]; rows [runs, channels, capacity]. */
  base: GPUBuffer;
  z: GPUBuffer;
  signal: GPUBuffer;
  linear: GPUBuffer | undefined;
}

/** Numbers of a network that every kernel of it shares. */
export interface NetworkSizes {
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
  (shared: NetworkSizes, { entries, capacity, samples }: Pass, own: Record<string, number> = {}) =>
  (plan: Shape) => ({
    ...shared,
    size: capacity,
    samples,
    entries: plan[entries],
    networks: (own.copies ?? shared.copies) * plan[entries],
    ...own,
  });

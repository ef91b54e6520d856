import type { NetworkModel } from "../document/types.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import type { Shape } from "../wgsl/kernel.ts";
import type { Needs } from "./measurable.ts";
import type { CompiledLayer } from "../layers/layer.ts";

/** Kinds of rows of a run's `signal` (shaders/relu_output.wgsl), one an output; the last three where the linearized model is trained. */
export const ROWS = { root: 0, slope: 1, output: 2, gap: 3, linearRoot: 4, linearSlope: 5 };

/** How many kinds a run has. */
export const rowsOf = (needs: Needs): number => (needs.has("linearized") ? 6 : 3);

/** Samples that networks are run on, and where their numbers go. */
export interface Pass {
  /** Runs, one an entry, and how many: those that train, those that are recorded, or all that there were. */
  table: GPUBuffer;
  entries: "trained_run_tiles" | "run_tiles" | "all";
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

/** Whether a pass's samples come in whole fours, in order: rows of its numbers, and batches, begin with one. */
export const isInFours = ({ samples, capacity, shuffled }: Pass): boolean =>
  !shuffled && samples % 4 === 0 && capacity % 4 === 0;

/** Numbers of a network that every kernel of it shares. */
export interface NetworkSizes {
  copies: number;
  units: number;
  outputs: number;
  stride: number;
  parameters: number;
  inputs: number;
  channels: number;
  /** Where the twin's numbers begin in a run's state. */
  twin: number;
}

/** Networks of one shape as a record leaves them. */
export interface Network {
  model: NetworkModel;
  layers: readonly CompiledLayer[];
  /** The first layer that trains, and how many weights of a copy do not. */
  lowest: number;
  frozen: number;
  shared: NetworkSizes;
  tiling: Tiling;
  /** Over all samples. */
  pass: Pass;
  runs: GPUBuffer;
  /** What every number of a run's kernels is stored over. */
  kernelUnit(position: number): number;
  /** W0; displacements, weights, [runs, copies, parameters]. */
  start: GPUBuffer;
  state: GPUBuffer;
  weights: GPUBuffer;
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

/** Constants of every kernel of a layer: whether it takes what comes in as it is, and its own. */
export const constantsOf = ({ gated, overrides }: Pick<CompiledLayer, "gated" | "overrides">) => ({
  LINEAR: !gated,
  ...overrides,
});

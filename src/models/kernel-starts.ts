import type { Dispatch } from "../plan/planner.ts";
import type { Shape } from "../wgsl/kernel.ts";
import type { CohortContext } from "./model.ts";

/** How a model's tangent kernels are made, a few runs at a time, in parts that cancel nothing. */
export interface KernelParts {
  /** Runs with the same data and key share one K0. */
  key(position: number): string;
  /** K0 of these runs, one after the other; `full`: rows are the samples of each output in turn, not summed over outputs. */
  start(positions: readonly number[], K: GPUBuffer, full: boolean): (() => Promise<Dispatch>)[];
  /** Adds what every record's changes need to the recorder, and gives the dispatches of (K - K0) over the change's scale. */
  changes(
    full: boolean,
  ): (first: number, change: GPUBuffer, shape: (plan: Shape) => Shape) => (() => Promise<Dispatch>)[];
  /** Changes are stored over this, and over the unit. */
  changeScale(position: number): number;
  /** What every number of a run's kernels is stored over, as `kernel_unit` of `struct RunParameters` too. */
  unit(position: number): number;
  parameters: GPUBuffer;
}

/** K0 of every start over the run's unit, once the recorder's preparations have run; and the start of each run. */
export interface KernelStarts {
  K: GPUBuffer;
  of: GPUBuffer;
}

/** Tangent kernels at w(0): one for all runs that share it. */
export const kernelStarts = (
  { recorder, planner, samples, outputs, data, members }: CohortContext,
  kernel: KernelParts,
  full: boolean,
): KernelStarts =>
  recorder.once(full ? "kernel starts of each output" : "kernel starts", () => {
    const side = samples * (full ? outputs : 1);
    const known = new Map<string, number>();
    const positions: number[] = [];
    const startOf = Uint32Array.from(members.keys(), (position) => {
      const key = `${data.placements[position].data} ${kernel.key(position)}`;
      if (!known.has(key)) known.set(key, positions.push(position) - 1);
      return known.get(key)!;
    });
    const K = planner.buffer("kernels at the start", 4 * positions.length * side * side);
    for (const make of kernel.start(positions, K, full)) recorder.prepare(make);
    return { of: planner.filled("kernel start of run", startOf), K };
  });

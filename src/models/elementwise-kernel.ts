import { crossGramsOf } from "../kernels/gram-cross.ts";
import { gramsOf } from "../kernels/gram.ts";
import { packTiles } from "../plan/tiles.ts";
import type { KernelParts } from "./kernel-starts.ts";
import type { CohortContext } from "./model.ts";

/** A tangent kernel K = X diag(weights) Xᵀ, in parts that cancel nothing. */
export interface ElementwiseKernel {
  /** Weights of K0 over the run's unit, [inputs]; runs with the same data and the same weights share one K0. */
  start(position: number): Float32Array;
  /** Fills a [runs, inputs] buffer with the weights of (K − K0) over the run's unit and change scale. */
  change(): GPUBuffer;
  /** Changes are stored over this, and over the unit. */
  changeScale(position: number): number;
  /** What every number of a run's kernels is stored over, as `kernel_unit` of `struct RunParameters` too. */
  unit(position: number): number;
  parameters: GPUBuffer;
}

/** Elementwise tangent kernels by Gram matrices, of K0 and of K - K0 apart. */
export function elementwiseKernel(context: CohortContext, kernel: ElementwiseKernel): KernelParts {
  const { planner, samples, inputs, data } = context;
  const grams = gramsOf(samples, context.tiling);
  return {
    key: (position) => kernel.start(position).join(),
    start(positions, K) {
      const joined = new Float32Array(positions.length * inputs);
      positions.forEach((position, index) => joined.set(kernel.start(position), index * inputs));
      const weights = planner.filled("kernel start weights", joined);
      const placements = positions.map((position) => data.placements[position]);
      const table = planner.filled("kernel start table", packTiles([...positions.keys()], placements, 1, 1));
      return [
        () =>
          planner.dispatch(grams, {
            params: { channels: 1, first: 0 },
            bind: { run_tiles: table, X: data.columns, weights, K },
            shape: () => ({ slots: positions.length }),
          }),
      ];
    },
    changes() {
      const weights = kernel.change();
      const { runTiles } = context.tables;
      return (first, K, shape) => [
        () =>
          planner.dispatch(grams, {
            params: { first },
            bind: { run_tiles: runTiles, X: data.columns, weights, K },
            shape,
          }),
      ];
    },
    changeScale: (position) => kernel.changeScale(position),
    unit: (position) => kernel.unit(position),
    parameters: kernel.parameters,
  };
}

/**
 * Makes each record leave tangent kernels between test and training inputs, [runs, testSamples, samples]: how training on
 * one of these moves the outputs on the others.
 */
export function elementwiseTestKernel(context: CohortContext, kernel: ElementwiseKernel): GPUBuffer {
  const { planner, recorder, members, inputs, data, samples, testSamples } = context;
  const starts = new Float32Array(members.length * inputs);
  members.forEach((_, position) => starts.set(kernel.start(position), position * inputs));
  const start = planner.filled("kernel start weights of runs", starts);
  const change = kernel.change();
  const K = planner.buffer("test kernels", 4 * members.length * testSamples * samples);
  recorder.add(() =>
    planner.dispatch(crossGramsOf(testSamples, samples, context.tiling), {
      params: { test_samples: testSamples },
      bind: {
        run_tiles: context.tables.runTiles,
        X: data.columns,
        test_X: data.testColumns,
        start,
        change,
        runs: kernel.parameters,
        K,
      },
      shape: () => ({ testSamples }),
    }),
  );
  return K;
}

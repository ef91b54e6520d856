import { crossKernelsOf, reluSides } from "../kernels/cross-kernels.ts";
import { unusedParams } from "../kernels/layer-params.ts";
import type { Cut } from "../wgsl/lanes.ts";
import type { CohortContext } from "./model.ts";
import type { NetworkSizes } from "./relu-pass.ts";
import type { Layer } from "./relu-start.ts";

/** Samples of ReLU networks: Z0 [runs, units, samples], and its change [runs, copies, units, samples]. */
interface Activity {
  samples: number;
  base: GPUBuffer;
  z: GPUBuffer;
}

/** ReLU networks as a record's evaluation leaves them. */
interface ReluKernelBuffers {
  layers: readonly Layer[];
  linear: boolean;
  shared: NetworkSizes;
  cut: Cut;
  weights: GPUBuffer;
  /** `struct RunParameters`. */
  parameters: GPUBuffer;
  training: Activity;
  test: Activity;
}

/**
 * Makes each record leave tangent kernels between test and training inputs, [runs, testSamples, samples], from the
 * activations and signals back of both sets.
 */
export function reluTestKernel(context: CohortContext, networks: ReluKernelBuffers): GPUBuffer {
  const { planner, recorder, members, data, samples, testSamples } = context;
  const { singles } = context.tables;
  const { layers, linear, shared, cut, weights, parameters } = networks;
  const { copies, units } = shared;
  const top = layers.length - 1;
  const sidesOf = (label: string, { samples, base, z }: Activity): GPUBuffer => {
    const sides = planner.scratchBuffer(label, 4 * members.length * copies * 2 * units * samples);
    for (let l = top; l >= 1; l--)
      recorder.add(() =>
        planner.dispatch(reluSides, {
          overrides: { LINEAR: linear, TOP: l === top },
          params: { ...unusedParams, ...shared, ...layers[l], samples },
          bind: { singles, weights, base, z, sides },
          shape: (plan) => ({ ...layers[l], samples, networks: copies * plan.singles }),
        }),
      );
    return sides;
  };
  const sides = sidesOf("activations and signals", networks.training);
  const test_sides = sidesOf("test activations and signals", networks.test);
  const K = planner.buffer("test kernels", 4 * members.length * testSamples * samples);
  layers.forEach((layer, l) =>
    recorder.add(() =>
      planner.dispatch(crossKernelsOf(testSamples, samples, cut), {
        overrides: { FIRST: l === 0, TOP: l === top },
        params: { ...unusedParams, ...shared, ...layer, test_samples: testSamples },
        bind: { singles, X: data.columns, test_X: data.testColumns, sides, test_sides, runs: parameters, K },
        shape: () => ({ ...layer, testSamples }),
      }),
    ),
  );
  return K;
}

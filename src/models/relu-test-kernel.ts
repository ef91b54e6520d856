import { crossKernelsOf, reluSides } from "../kernels/relu-cross.ts";
import { unusedParams } from "../layers/params.ts";
import type { CohortContext } from "./model.ts";
import { type Network, type Pass, constantsOf } from "./relu-pass.ts";

/**
 * Makes each record leave tangent kernels between test and training inputs, [runs, testSamples, samples], from the
 * activations and signals back of both sets.
 */
export function reluTestKernel(context: CohortContext, network: Network, test: Pass): GPUBuffer {
  const { planner, recorder, members, data, samples, testSamples } = context;
  const { runTiles } = context.tables;
  const { layers, shared, tiling, weights, runs } = network;
  const { copies, units, outputs } = shared;
  const top = layers.length - 1;
  const sidesOf = (label: string, { samples, base, z }: Pass): GPUBuffer => {
    const sides = planner.scratchBuffer(label, 4 * members.length * copies * (1 + outputs) * units * samples);
    for (let l = top; l >= 1; l--)
      recorder.add(() =>
        planner.dispatch(reluSides, {
          overrides: { ...constantsOf(layers[l]), TOP: l === top },
          params: { ...unusedParams, ...shared, ...layers[l].sizes, samples },
          bind: { run_tiles: runTiles, weights, base, z, sides },
          shape: (plan) => ({ ...layers[l].sizes, samples, networks: copies * plan.run_tiles }),
        }),
      );
    return sides;
  };
  const sides = sidesOf("activations and signals", network.pass);
  const test_sides = sidesOf("test activations and signals", test);
  const K = planner.buffer("test kernels", 4 * members.length * testSamples * samples);
  layers.forEach((layer, l) =>
    recorder.add(() =>
      planner.dispatch(crossKernelsOf(testSamples, samples, tiling), {
        overrides: { FIRST: l === 0, TOP: l === top },
        params: { ...unusedParams, ...shared, ...layer.sizes, test_samples: testSamples },
        bind: { run_tiles: runTiles, X: data.columns, test_X: data.testColumns, sides, test_sides, runs, K },
        shape: () => ({ ...layer.sizes, testSamples }),
      }),
    ),
  );
  return K;
}

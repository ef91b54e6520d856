import { crossKernelsOf, reluActivations } from "../kernels/relu-cross.ts";
import { convCrossOf, convTangentsOf } from "../layers/conv/tangents.ts";
import type { CompiledLayer } from "../layers/layer.ts";
import { unusedParams } from "../layers/params.ts";
import type { CohortContext } from "./model.ts";
import { type Network, type Pass, constantsOf } from "./relu-pass.ts";
import { signalsBack } from "./relu-signals.ts";
import { signalParts, weightsAtOnce } from "./single-gradients.ts";

/** What the weights as they are make of samples. */
interface Side {
  samples: number;
  X: GPUBuffer;
  /** Activations, [runs, copies, units, samples], and signals back from each output, [runs, copies, units, outputs, samples]. */
  H: GPUBuffer;
  signals: GPUBuffer;
}

/**
 * Makes each record leave tangent kernels between test and training inputs, [runs, testSamples, samples], from the
 * activations and signals back of both sets: layer by layer of those that train, of weights that positions share by gradients of
 * single samples.
 */
export function reluTestKernel(context: CohortContext, network: Network, test: Pass): GPUBuffer {
  const { planner, members, samples, testSamples } = context;
  const { layers, lowest } = network;
  const training = sideOf(context, network, network.pass, "");
  const testing = sideOf(context, network, test, "test ");
  const K = planner.buffer("test kernels", 4 * members.length * testSamples * samples);
  const gradients = gradientsOf(context, network);
  layers.forEach((layer, l) => {
    if (l < lowest) return;
    if (isShared(layer)) addShared(context, network, l, training, testing, gradients, K);
    else if (layer.fan_out > 0) addDense(context, network, l, training, testing, K);
  });
  return K;
}

/** Whether positions share a layer's weights. */
const isShared = ({ fan_out, sizes: { positions, window } }: CompiledLayer): boolean =>
  fan_out > 0 && (positions > 1 || window > 1);

/** Room for gradients of single samples by some weights of a convolution, of as many at once as memory allows. */
interface Gradients {
  /** [runs, copies, weights, outputs, samples]. */
  training: GPUBuffer;
  testing: GPUBuffer;
  atOnce(layer: CompiledLayer): number;
}

/** Room that all layers use in turn. */
function gradientsOf(
  { planner, members, samples, testSamples, outputs }: CohortContext,
  { layers, lowest, shared }: Network,
): Gradients {
  const bytes = 8 * members.length * shared.copies * outputs;
  const atOnce = ({ fan_in, fan_out }: CompiledLayer) =>
    weightsAtOnce(planner, fan_in * fan_out, bytes * (samples + testSamples));
  const most = Math.max(0, ...layers.slice(lowest).filter(isShared).map(atOnce));
  const room = (label: string, count: number) => planner.scratchBuffer(label, most * bytes * count);
  return {
    training: room("gradients of single samples", samples),
    testing: room("gradients of single test samples", testSamples),
    atOnce,
  };
}

/** Makes each record leave what weights make of a pass's samples. */
function sideOf(context: CohortContext, network: Network, pass: Pass, set: "" | "test "): Side {
  const { planner, recorder, members, outputs } = context;
  const { model, layers, lowest, shared, weights } = network;
  const { copies, units } = shared;
  const { samples, X, base, z, table } = pass;
  const floats = 4 * members.length * copies * units * samples;
  const H = planner.scratchBuffer(`${set}activations`, floats);
  recorder.add(() =>
    planner.dispatch(reluActivations, {
      overrides: { LINEAR: model.kind === "linear" },
      params: { ...unusedParams, ...shared, ...layers[0].sizes, samples },
      bind: { run_tiles: table, base, z, H },
      shape: (plan) => ({ samples, units, networks: copies * plan.run_tiles }),
    }),
  );
  // Those of outputs are 1, whatever is in the buffer.
  if (lowest === layers.length - 1) return { samples, X, H, signals: H };
  const signals = planner.scratchBuffer(`${set}signals back`, outputs * floats);
  for (const make of signalsBack(context, network, pass, { copies, weights, values: H, signals }))
    recorder.add(make);
  return { samples, X, H, signals };
}

/** Adds a dense layer's part, by products of Gram matrices. */
function addDense(
  { planner, recorder, tables }: CohortContext,
  { layers, lowest, shared, tiling, runs }: Network,
  l: number,
  training: Side,
  testing: Side,
  K: GPUBuffer,
): void {
  const { sizes } = layers[l];
  const [testSamples, FIRST] = [testing.samples, l === 0];
  recorder.add(() =>
    planner.dispatch(crossKernelsOf(testSamples, training.samples, tiling), {
      overrides: { FIRST, TOP: l === layers.length - 1, ADDS: l > lowest },
      params: { ...unusedParams, ...shared, ...sizes, test_samples: testSamples },
      bind: {
        run_tiles: tables.runTiles,
        incoming: FIRST ? training.X : training.H,
        test_incoming: FIRST ? testing.X : testing.H,
        signals: training.signals,
        test_signals: testing.signals,
        runs,
        K,
      },
      shape: () => ({ ...sizes, testSamples }),
    }),
  );
}

/** Adds a convolution's part, from gradients of single samples. */
function addShared(
  { planner, recorder, members, tables, outputs }: CohortContext,
  { layers, lowest, shared, tiling, runs }: Network,
  l: number,
  training: Side,
  testing: Side,
  gradients: Gradients,
  K: GPUBuffer,
): void {
  const layer = layers[l];
  const weights = layer.fan_in * layer.fan_out;
  const { copies } = shared;
  const count = gradients.atOnce(layer);
  for (let first = 0; first < weights; first += count) {
    const some = { first_weight: first, weight_count: Math.min(count, weights - first) };
    const params = { ...unusedParams, ...shared, ...layer.sizes, ...some };
    for (const [{ samples, X, H, signals }, tangents] of [
      [training, gradients.training],
      [testing, gradients.testing],
    ] as const)
      for (const part of signalParts(planner, outputs * samples, members.length * copies))
        recorder.add(() =>
          planner.dispatch(convTangentsOf(layer.sizes, tiling), {
            overrides: { ...constantsOf(layer), FIRST: l === 0, START: true, OWN: true },
            params: { ...params, ...part, samples },
            // At START changes are not asked for.
            bind: { run_tiles: tables.runTiles, X, base: H, z: H, signals, changes: signals, tangents },
            shape: (plan) => ({
              ...layer.sizes,
              ...some,
              ...part,
              samples,
              outputs,
              copies,
              slots: plan.run_tiles,
            }),
          }),
        );
    recorder.add(() =>
      planner.dispatch(convCrossOf(testing.samples, training.samples, tiling), {
        overrides: { ADDS: l > lowest || first > 0 },
        params: { ...params, samples: training.samples, test_samples: testing.samples },
        bind: {
          run_tiles: tables.runTiles,
          tangents: gradients.training,
          test_tangents: gradients.testing,
          runs,
          K,
        },
        shape: () => ({
          ...some,
          samples: training.samples,
          testSamples: testing.samples,
          outputs,
          copies,
        }),
      }),
    );
  }
}

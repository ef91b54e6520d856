import { reluLinearGap } from "../kernels/relu-linear.ts";
import { layerKernelsOf } from "../kernels/relu-tangents.ts";
import { convGramsOf, convTangentsOf } from "../layers/conv/tangents.ts";
import type { Layer } from "../layers/layer.ts";
import type { Shape } from "../wgsl/kernel.ts";
import { unusedParams } from "../layers/params.ts";
import type { Dispatch } from "../plan/planner.ts";
import { packTiles } from "../plan/tiles.ts";
import type { KernelParts } from "./kernel-starts.ts";
import type { CohortContext } from "./model.ts";
import { type Network, constantsOf } from "./relu-pass.ts";
import { signalChanges, signalsAtStart } from "./relu-signals.ts";
import { signalParts, weightsAtOnce } from "./single-gradients.ts";

/** What dispatches of kernels, at w(0) or of their changes, share. */
interface Own {
  START: boolean;
  FULL: boolean;
  runTiles: GPUBuffer;
  changes: GPUBuffer;
  K: GPUBuffer;
  first: number;
  /** Slots at most. */
  most: number;
}

/** Tangent kernels by products of Gram matrices, K0's factors made once. */
export function reluKernels(context: CohortContext, network: Network): KernelParts {
  const { planner, members, tables, data, samples, outputs } = context;
  const { layers, lowest, shared, tiling, pass, runs, kernelUnit } = network;
  const signals = () => signalsAtStart(context, network);
  /** Of weights that positions share: gradients of single samples first, of as many weights at once as memory allows. */
  function sharedKernels(
    layer: Layer,
    l: number,
    own: Own,
    side: number,
    slots: (plan: Shape) => Shape,
  ): (() => Promise<Dispatch>)[] {
    const { fan_in, fan_out } = layer.sizes;
    const { copies } = shared;
    const bytes = 8 * own.most * copies * outputs * samples;
    const count = weightsAtOnce(planner, fan_in * fan_out, bytes);
    const tangents = planner.scratchBuffer("gradients of single samples", count * bytes);
    const dispatches: (() => Promise<Dispatch>)[] = [];
    for (let first = 0; first < fan_in * fan_out; first += count) {
      const weights = { first_weight: first, weight_count: Math.min(count, fan_in * fan_out - first) };
      const params = {
        ...unusedParams,
        ...shared,
        ...layer.sizes,
        ...weights,
        samples,
        copies,
        first: own.first,
      };
      const shape = (plan: Shape) => ({ ...slots(plan), ...layer.sizes, ...weights, samples, side, copies });
      for (const part of signalParts(planner, outputs * samples, own.most * copies))
        dispatches.push(() =>
          planner.dispatch(convTangentsOf(layer.sizes, tiling), {
            overrides: { ...constantsOf(layer), FIRST: l === 0, START: own.START },
            params: { ...params, ...part },
            bind: {
              run_tiles: own.runTiles,
              X: data.columns,
              base: pass.base,
              z: pass.z,
              signals: signals(),
              changes: own.changes,
              tangents,
            },
            shape: (plan) => ({ ...shape(plan), ...part }),
          }),
        );
      dispatches.push(() =>
        planner.dispatch(convGramsOf(side, tiling), {
          overrides: { FIRST: l === 0 && first === 0, FULL: own.FULL, CHANGE: !own.START },
          params,
          bind: { tangents, K: own.K },
          shape,
        }),
      );
    }
    return dispatches;
  }
  const layerKernels = (own: Own) => (slots: (plan: Shape) => Shape) => {
    const side = samples * (own.FULL ? outputs : 1);
    return layers.flatMap((layer, l): (() => Promise<Dispatch>)[] => {
      if (layer.fan_out === 0 || l < lowest) return [];
      if (layer.sizes.positions > 1 || layer.sizes.window > 1)
        return sharedKernels(layer, l, own, side, slots);
      return [
        () =>
          planner.dispatch(layerKernelsOf(own.START, side, samples, tiling), {
            overrides: {
              LINEAR: !layer.gated,
              FIRST: l === 0,
              TOP: l === layers.length - 1,
              ...(own.FULL ? { FULL: true } : {}),
              ...(l > 0 && l === lowest ? { ALONE: true } : {}),
            },
            params: { ...unusedParams, ...shared, samples, ...layer.sizes, first: own.first },
            bind: {
              run_tiles: own.runTiles,
              X: data.columns,
              base: pass.base,
              z: pass.z,
              signals: signals(),
              changes: own.changes,
              K: own.K,
            },
            shape: (plan) => ({ ...slots(plan), ...layer.sizes, samples, side }),
          }),
      ];
    });
  };
  const known = new Map<Float64Array, number>();
  return {
    key(position) {
      const { w0, run } = members[position];
      if (!known.has(w0)) known.set(w0, known.size);
      return `${known.get(w0)} ${run.init.alpha} ${run.init.scaling}`;
    },
    start(positions, K, FULL) {
      const table = packTiles(positions, data.placements, shared.channels, shared.channels);
      const runTiles = planner.filled("kernel start table", table);
      const changes = signals();
      return layerKernels({ START: true, FULL, runTiles, changes, K, first: 0, most: positions.length })(
        () => ({
          slots: positions.length,
        }),
      );
    },
    changes(FULL) {
      const changes = signalChanges(context, network);
      return (from, K, slots) =>
        layerKernels({
          START: false,
          FULL,
          runTiles: tables.runTiles,
          changes,
          K,
          first: from,
          most: Math.floor(K.size / (4 * (samples * (FULL ? outputs : 1)) ** 2)),
        })(slots);
    },
    changeScale: () => 1,
    unit: kernelUnit,
    parameters: runs,
  };
}

/**
 * Makes each record leave w less the linearized weights, [runs, copies, parameters]: J0^T a from signals at the start.
 *
 * @param gradients free between steps
 */
export function linearGap(
  context: CohortContext,
  network: Network,
  { gradients, floats }: { gradients: GPUBuffer; floats(label: string, size: number): GPUBuffer },
): GPUBuffer {
  const { recorder, planner, tables, order, data, samples, outputs } = context;
  const { layers, lowest, frozen, shared, pass, start, state } = network;
  const { copies, parameters } = shared;
  const { runTiles } = tables;
  const gap = floats("linear gap", copies * parameters);
  layers.forEach((layer, l) => {
    const { plainGradient } = layer.kernels;
    if (!plainGradient || l < lowest) return;
    recorder.add(() =>
      planner.dispatch(plainGradient, {
        overrides: {
          SHUFFLED: false,
          ...constantsOf(layer),
          FIRST: l === 0,
          ...(l === layers.length - 1 ? { TOP: true } : {}),
          START: true,
        },
        params: {
          ...unusedParams,
          ...shared,
          ...layer.sizes,
          samples,
          capacity: samples,
          copies: 1,
          slope: shared.twin,
        },
        bind: {
          run_tiles: runTiles,
          order,
          X: data.columns,
          base: pass.base,
          z: pass.z,
          delta: signalsAtStart(context, network),
          signal: state,
          gradients,
        },
        shape: (plan) => ({ ...layer.sizes, size: outputs * samples, networks: plan.run_tiles }),
      }),
    );
  });
  recorder.add(() =>
    planner.dispatch(reluLinearGap, {
      params: { ...shared, samples, frozen },
      bind: { run_tiles: runTiles, state, transposed: gradients, start, gap },
      shape: () => ({ copies, parameters }),
    }),
  );
  return gap;
}

import { reluGradient } from "../kernels/relu-layers.ts";
import { reluLinearGap } from "../kernels/relu-linear.ts";
import { layerKernelsOf, signalsOf } from "../kernels/relu-tangents.ts";
import type { Shape } from "../wgsl/kernel.ts";
import { unusedParams } from "../kernels/layer-params.ts";
import { packTiles } from "../plan/tiles.ts";
import type { KernelParts } from "./kernel-starts.ts";
import type { CohortContext } from "./model.ts";
import { type Network, shapeOf } from "./relu-pass.ts";

/** Signals back at w(0), [runs, units, samples], made once, before the first record. */
const signalsAtStart = (
  { recorder, planner, members, tables, samples, outputs }: CohortContext,
  { layers, linear, shared, cut, pass, start }: Network,
): GPUBuffer =>
  recorder.once("signals at the start", () => {
    const buffer = planner.buffer(
      "signals back at the start",
      4 * members.length * shared.units * outputs * samples,
    );
    for (let l = layers.length - 1; l >= 1; l--)
      recorder.prepare(() =>
        planner.dispatch(signalsOf(true, layers[l].fan_in, layers[l].fan_out, outputs * samples, cut), {
          overrides: { LINEAR: linear, TOP: l === layers.length - 1 },
          params: { ...unusedParams, ...shared, ...layers[l], copies: 1 },
          bind: {
            singles: tables.singles,
            start,
            base: pass.base,
            signals: buffer,
          },
          shape: shapeOf(shared, pass, { ...layers[l], copies: 1 }),
        }),
      );
    return buffer;
  });

/** Tangent kernels by products of Gram matrices, K0's factors made once. */
export function reluKernels(context: CohortContext, network: Network): KernelParts {
  const { recorder, planner, members, tables, data, samples, outputs } = context;
  const { layers, linear, shared, cut, pass, runs, kernelUnit, state, weights } = network;
  const signals = () => signalsAtStart(context, network);
  const layerKernels =
    (own: {
      START: boolean;
      FULL: boolean;
      singles: GPUBuffer;
      changes: GPUBuffer;
      K: GPUBuffer;
      first: number;
    }) =>
    (slots: (plan: Shape) => Shape) => {
      const side = samples * (own.FULL ? outputs : 1);
      return layers.map(
        (layer, l) => () =>
          planner.dispatch(layerKernelsOf(own.START, side, samples, cut), {
            overrides: {
              LINEAR: linear,
              FIRST: l === 0,
              TOP: l === layers.length - 1,
              ...(own.FULL ? { FULL: true } : {}),
            },
            params: { ...unusedParams, ...shared, samples, ...layer, first: own.first },
            bind: {
              singles: own.singles,
              X: data.columns,
              base: pass.base,
              z: pass.z,
              signals: signals(),
              changes: own.changes,
              K: own.K,
            },
            shape: (plan) => ({ ...slots(plan), ...layer, samples, side }),
          }),
      );
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
      const singles = planner.filled("kernel start table", table);
      const changes = signals();
      return layerKernels({ START: true, FULL, singles, changes, K, first: 0 })(() => ({
        slots: positions.length,
      }));
    },
    changes(FULL) {
      const changes = planner.buffer(
        "changes of signals back",
        4 * members.length * shared.copies * shared.units * outputs * samples,
      );
      for (let l = layers.length - 1; l >= 1; l--)
        recorder.add(() =>
          planner.dispatch(signalsOf(false, layers[l].fan_in, layers[l].fan_out, outputs * samples, cut), {
            overrides: { LINEAR: linear, TOP: l === layers.length - 1 },
            params: { ...unusedParams, ...shared, ...layers[l] },
            bind: {
              singles: tables.singles,
              state,
              weights,
              base: pass.base,
              z: pass.z,
              signals: signals(),
              changes,
            },
            shape: shapeOf(shared, pass, { ...layers[l] }),
          }),
        );
      return (from, K, slots) =>
        layerKernels({ START: false, FULL, singles: tables.singles, changes, K, first: from })(slots);
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
  const { layers, linear, shared, pass, start, state } = network;
  const { copies, parameters } = shared;
  const { singles } = tables;
  const gap = floats("linear gap", copies * parameters);
  layers.forEach((layer, l) =>
    recorder.add(() =>
      planner.dispatch(reluGradient.plain, {
        overrides: {
          LANES: 64,
          ROWS: 1,
          SHUFFLED: false,
          LINEAR: linear,
          FIRST: l === 0,
          TOP: l === layers.length - 1,
          START: true,
        },
        params: {
          ...unusedParams,
          ...shared,
          ...layer,
          samples,
          capacity: samples,
          copies: 1,
          slope: shared.twin,
        },
        bind: {
          singles,
          order,
          X: data.columns,
          base: pass.base,
          z: pass.z,
          delta: signalsAtStart(context, network),
          signal: state,
          gradients,
        },
        shape: (plan) => ({ ...layer, size: outputs * samples, networks: plan.singles }),
      }),
    ),
  );
  recorder.add(() =>
    planner.dispatch(reluLinearGap, {
      params: { ...shared, samples },
      bind: { singles, state, transposed: gradients, start, gap },
      shape: () => ({ copies, parameters }),
    }),
  );
  return gap;
}

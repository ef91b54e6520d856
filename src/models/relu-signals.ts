import { unusedParams } from "../layers/params.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { CohortContext } from "./model.ts";
import { type Network, type Pass, constantsOf, shapeOf } from "./relu-pass.ts";

/** Weights, [runs, copies, parameters], what they make of a pass's samples, and where signals back from each output go. */
interface Back {
  copies: number;
  weights: GPUBuffer;
  /** Numbers of all units, [runs, copies, units, samples]. */
  values: GPUBuffer;
  /** [runs, copies, units, outputs, samples]. */
  signals: GPUBuffer;
}

/** Sends signals of every output back through all layers, the last one first. */
export const signalsBack = (
  { planner, outputs }: CohortContext,
  { layers, shared, tiling }: Network,
  pass: Pass,
  { copies, weights, values, signals }: Back,
): (() => Promise<Dispatch>)[] =>
  layers
    .map(
      (layer, l) => () =>
        planner.dispatch(layer.kernels.signals(true, layer.sizes, outputs * pass.samples, tiling), {
          overrides: { ...constantsOf(layer), ...(l === layers.length - 1 ? { TOP: true } : {}) },
          params: { ...unusedParams, ...shared, ...layer.sizes, samples: pass.samples, copies },
          bind: { run_tiles: pass.table, start: weights, base: values, signals },
          shape: shapeOf(shared, pass, { ...layer.sizes, copies }),
        }),
    )
    .slice(1)
    .reverse();

/** Signals back at w(0), [runs, units, samples], made once, before the first record. */
export const signalsAtStart = (context: CohortContext, network: Network): GPUBuffer =>
  context.recorder.once("signals at the start", () => {
    const { recorder, planner, members, samples, outputs } = context;
    const { shared, pass, start } = network;
    const signals = planner.buffer(
      "signals back at the start",
      4 * members.length * shared.units * outputs * samples,
    );
    const own = { copies: 1, weights: start, values: pass.base, signals };
    for (const make of signalsBack(context, network, pass, own)) recorder.prepare(make);
    return signals;
  });

/** Makes each record leave their changes since, [runs, copies, units, samples]. */
export const signalChanges = (context: CohortContext, network: Network): GPUBuffer =>
  context.recorder.once("changes of signals", () => {
    const { recorder, planner, members, tables, samples, outputs } = context;
    const { layers, shared, tiling, pass, state, weights } = network;
    const signals = signalsAtStart(context, network);
    const changes = planner.buffer(
      "changes of signals back",
      4 * members.length * shared.copies * shared.units * outputs * samples,
    );
    for (let l = layers.length - 1; l >= 1; l--)
      recorder.add(() =>
        planner.dispatch(layers[l].kernels.signals(false, layers[l].sizes, outputs * samples, tiling), {
          overrides: { ...constantsOf(layers[l]), ...(l === layers.length - 1 ? { TOP: true } : {}) },
          params: { ...unusedParams, ...shared, ...layers[l].sizes },
          bind: { run_tiles: tables.runTiles, state, weights, base: pass.base, z: pass.z, signals, changes },
          shape: shapeOf(shared, pass, { ...layers[l].sizes }),
        }),
      );
    return changes;
  });

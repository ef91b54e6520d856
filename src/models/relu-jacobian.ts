import { reluJacobian } from "../kernels/relu-tangents.ts";
import { convJacobian, convTangentsOf } from "../layers/conv/tangents.ts";
import { unusedParams } from "../layers/params.ts";
import type { CohortContext } from "./model.ts";
import { type Network, constantsOf } from "./relu-pass.ts";
import { signalChanges, signalsAtStart } from "./relu-signals.ts";
import { signalParts, weightsAtOnce } from "./single-gradients.ts";

/**
 * Columns of <J0, J0>, <J0, J - J0> and |J - J0|^2, J the Jacobian of all outputs on all training samples by the weights that train:
 * without a kernel, layer by layer.
 */
export const jacobianProducts = (context: CohortContext, network: Network): number =>
  context.recorder.once("products of Jacobians", () => {
    const { recorder, planner, members, tables, data, samples, outputs } = context;
    const { layers, lowest, shared, tiling, pass } = network;
    const { copies } = shared;
    const column = recorder.reserve(3);
    const signals = signalsAtStart(context, network);
    const changes = signalChanges(context, network);
    const { runTiles } = tables;
    const both = { run_tiles: runTiles, X: data.columns, base: pass.base, z: pass.z, signals, changes };
    // Where a run's columns are.
    const columns = () => ({ stride: recorder.columns, slope: column });
    let ADDS = false;
    layers.forEach((layer, l) => {
      if (layer.fan_out === 0 || l < lowest) return;
      const { fan_in, fan_out, positions, window } = layer.sizes;
      const params = () => ({ ...unusedParams, ...shared, ...layer.sizes, samples, ...columns() });
      if (positions === 1 && window === 1) {
        const overrides = { LINEAR: !layer.gated, FIRST: l === 0, TOP: l === layers.length - 1, ADDS };
        recorder.add(() =>
          planner.dispatch(reluJacobian, {
            overrides,
            params: params(),
            bind: { ...both, out: recorder.out },
            shape: (plan) => plan,
          }),
        );
        ADDS = true;
        return;
      }
      // Gradients of single samples, of as many weights at once as memory allows.
      const bytes = 8 * members.length * copies * outputs * samples;
      const count = weightsAtOnce(planner, fan_in * fan_out, bytes);
      const tangents = planner.scratchBuffer("gradients of single samples", count * bytes);
      for (let first = 0; first < fan_in * fan_out; first += count) {
        const some = { first_weight: first, weight_count: Math.min(count, fan_in * fan_out - first) };
        const adds = ADDS;
        for (const part of signalParts(planner, outputs * samples, members.length * copies))
          recorder.add(() =>
            planner.dispatch(convTangentsOf(layer.sizes, tiling), {
              overrides: { ...constantsOf(layer), FIRST: l === 0, START: false },
              params: { ...params(), ...shared, ...some, ...part },
              bind: { ...both, tangents },
              shape: (plan) => ({
                ...plan,
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
          planner.dispatch(convJacobian, {
            overrides: { ADDS: adds },
            params: { ...params(), ...some },
            bind: { run_tiles: runTiles, tangents, out: recorder.out },
            shape: (plan) => plan,
          }),
        );
        ADDS = true;
      }
    });
    return column;
  });

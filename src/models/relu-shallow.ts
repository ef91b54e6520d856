import { ceilDiv } from "../wgsl/kernel.ts";
import { ownStepsPay, ownsRuns } from "../wgsl/lanes.ts";
import { OWNED, reluRuns } from "../kernels/relu-step.ts";
import { placeOfLoss } from "../losses/registry.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { CohortContext } from "./model.ts";
import type { Layer } from "../layers/layer.ts";

/** What whole steps read and write beside the data. */
interface Buffers {
  runs: GPUBuffer;
  start: GPUBuffer;
  state: GPUBuffer;
}

/**
 * Whole steps of networks with one hidden layer and no twin in one dispatch, an invocation a run: where all of one fits into
 * its registers, on adapters that keep these in a near cache, in trainings long enough.
 *
 * @param sizes what the kernel takes as parameters of the network
 * @returns whether they are taken, undefined where they cannot be, and the dispatch. Without one steps are made layer by
 *   layer; weights are then in `state` and `weights`, else in `state` alone
 */
export async function fusedSteps(
  context: CohortContext,
  layers: readonly Layer[],
  { copies, twin, ...sizes }: { copies: number; twin: boolean; parameters: number; stride: number },
  buffers: Buffers,
): Promise<{ isFused: boolean | undefined; dispatch?: Dispatch }> {
  const { planner, members, samples, inputs, capacity, shuffled, tiling, data, sweepSize } = context;
  const { train, loss, init } = members[0].run;
  const layer = layers[0].sizes;
  const fits =
    train.method === "gradient-descent" &&
    !context.noisy &&
    // A loss that runs through an epoch is added up between forward and back.
    (train.stopLoss === null || train.stopRule === "full") &&
    !twin &&
    train.layers !== "last" &&
    copies === 1 &&
    context.outputs === 1 &&
    layers.length === 2 &&
    layers[0].rectified &&
    layer.positions === 1 &&
    layer.window === 1 &&
    inputs <= OWNED.inputs &&
    layer.fan_out <= OWNED.units &&
    ownsRuns(tiling, samples);
  if (!fits) return { isFused: undefined };
  const isFused =
    context.fused ?? ownStepsPay(sweepSize.runs * sweepSize.epochs * samples * sizes.parameters);
  if (!isFused) return { isFused };
  const dispatch = await planner.dispatch(reluRuns, {
    overrides: {
      LANES: tiling.vector,
      BLOCKS: ceilDiv(inputs, 4),
      UNITS: 4 * ceilDiv(layer.fan_out, 4),
      SHUFFLED: shuffled,
      LOSS: placeOfLoss(loss),
      SUBTRACT: init.subtract,
      STOPS: !shuffled && train.stopLoss !== null,
    },
    params: { ...sizes, ...layer, samples },
    bind: {
      tiles: context.tables.tilesOfRuns(tiling.vector),
      order: context.order,
      X: data.X,
      y: data.y,
      horizon: context.horizon,
      ...buffers,
    },
    shape: (plan) => ({ ...plan, ...layer, size: capacity }),
  });
  return { isFused, dispatch };
}

import { ceilDiv } from "../kernels/kernel.ts";
import { addingLanes, wholeStepsPay } from "../kernels/lanes.ts";
import { reluShallowDescent, SHALLOW } from "../kernels/relu_step.ts";
import type { Dispatch } from "../scheduler/planner.ts";
import type { CohortContext } from "./model.ts";
import type { Layer } from "./relu_start.ts";

/** What whole steps read and write beside the data. */
interface Buffers {
  runs: GPUBuffer;
  start: GPUBuffer;
  state: GPUBuffer;
}

/** True of networks that whole steps can be made of: small ones with one hidden layer, without a twin. */
export function fitsWholeSteps(
  { planner, members, samples, inputs, tiled, lanes }: CohortContext,
  layers: readonly Layer[],
  { copies, twin }: { copies: number; twin: boolean },
): boolean {
  const { train } = members[0]!.run;
  return (
    train.method === "gradient-descent" &&
    // A loss that runs through an epoch is added up between forward and back.
    (train.stopLoss === null || train.stopRule === "full") &&
    tiled &&
    lanes === addingLanes(planner.device.adapter.software, samples, 64) &&
    !twin &&
    copies === 1 &&
    layers.length === 2 &&
    inputs <= SHALLOW.inputs &&
    layers[0]!.fan_out <= SHALLOW.units
  );
}

/**
 * Whole steps of networks with one hidden layer in one dispatch, all weights in registers: where they fit, on adapters
 * that keep an invocation's registers in a near cache, in trainings long enough.
 *
 * @param sizes what the kernel takes as parameters of the network
 * @returns whether they are taken, undefined where they cannot be, and the dispatch. Without one steps are made layer by
 *   layer; weights are then in `state` and `weights`, else in `state` alone
 */
export async function wholeSteps(
  context: CohortContext,
  layers: readonly Layer[],
  {
    copies,
    twin,
    ...sizes
  }: { copies: number; twin: boolean; parameters: number; stride: number; channels: number },
  buffers: Buffers,
): Promise<{ whole: boolean | undefined; dispatch?: Dispatch }> {
  const { planner, members, samples, inputs, capacity, shuffled, lanes } = context;
  const { train, loss, init } = members[0]!.run;
  const layer = layers[0]!;
  if (train.method !== "gradient-descent" || !fitsWholeSteps(context, layers, { copies, twin }))
    return { whole: undefined };
  const whole = context.many ?? wholeStepsPay(members.length * train.epochs * samples * sizes.parameters);
  if (!whole) return { whole };
  const dispatch = await planner.dispatch(reluShallowDescent, {
    overrides: {
      LANES: lanes,
      WIDTH: inputs,
      UNITS: 4 * ceilDiv(layer.fan_out, 4),
      SHUFFLED: shuffled,
      LOGISTIC: loss.kind === "logistic",
      SUBTRACT: init.subtract,
      STOPS: !shuffled && train.stopLoss !== null,
    },
    params: { ...sizes, ...layer, samples },
    bind: {
      singles: context.tables.each,
      order: context.order,
      X: context.data.columns,
      y: context.data.y,
      horizon: context.horizon,
      ...buffers,
    },
    shape: (plan) => ({ ...plan, ...layer, size: capacity }),
  });
  return { whole, dispatch };
}

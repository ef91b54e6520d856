import type { NetworkModel } from "../document/types.ts";
import { productsOf } from "../layers/network.ts";
import { type Member, batchSize } from "../plan/cohort.ts";
import { layersOf } from "./network-layers.ts";

/** Rounds of power iteration at every update of the reference (relu.bound.ts). */
export const ROUNDS = 10;

/** Multiplications and additions that an epoch of the reference takes, about. */
export function operationsOfRelu({ run, dataset }: Member): number {
  const { samples, outputs } = dataset;
  const model = run.model as NetworkModel;
  const copies = model.unbiased ? 2 : 1;
  const batches = Math.ceil(samples / batchSize(run, samples));
  // The reference evaluates all samples after every update.
  return copies * productsOf(layersOf(model, dataset)) * samples * outputs * (12 * batches + 4 * ROUNDS + 60);
}

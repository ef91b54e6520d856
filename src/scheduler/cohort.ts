import type { Dataset } from "../data/dataset.ts";
import type { Run } from "../document/types.ts";

/** A run with what the engine needs to start it: its data, and w0 before it is scaled by alpha. */
export interface Member {
  run: Run;
  dataset: Dataset;
  /** The model's w0, in the model's own order of weights. */
  w0: Float64Array;
}

/**
 * What runs must have in common to be trained by the same dispatches. Values that differ from run to run (alpha, step
 * size, seeds, stop loss) are numbers in buffers; shapes and rules are compiled in.
 */
export function cohortKey({ run, dataset }: Member, variant: string): string {
  const { model, loss, train } = run;
  return JSON.stringify([
    model,
    variant,
    dataset.samples,
    dataset.inputs,
    dataset.testSamples,
    loss.kind,
    loss.reduction,
    loss.l2 > 0,
    train.method,
    train.epochs,
    batchSize(run, dataset.samples),
    train.stopRule,
    train.stopLoss !== null,
  ]);
}

/** Samples in a full minibatch; all of them where the document says `full` or more than there are. */
export const batchSize = ({ train }: Pick<Run, "train">, samples: number): number =>
  train.batchSize === "full" ? samples : Math.min(train.batchSize, samples);

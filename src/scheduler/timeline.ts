import type { StepNumbers } from "../plan/clock.ts";

/** What a cohort does, in order. */
export type Event =
  /** Draw the orders of a block of epochs. */
  | { kind: "shuffle"; epoch: number }
  | { kind: "step"; step: StepNumbers }
  /** Evaluate the loss of all samples and stop the runs where it is low enough. */
  | { kind: "check"; step: StepNumbers }
  | { kind: "record"; record: number; epoch: number; step: StepNumbers };

export interface Rhythm {
  epochs: number;
  samples: number;
  batchSize: number;
  reduction: "mean" | "sum";
  stop: "never" | "full" | "keras";
  /** Epochs to record, increasing, from 0 to the last. */
  recorded: Uint32Array;
  /** Epochs whose orders are drawn at a time; 0 without shuffling. */
  block: number;
}

/** Batches in an epoch, the ragged last one included. */
export const batchesOf = ({ samples, batchSize }: Pick<Rhythm, "samples" | "batchSize">): number =>
  Math.ceil(samples / batchSize);

/**
 * The events of a training. Orders are drawn before the first epoch of their block. With full batches and the rule
 * `full`, the residual that a step begins with is the loss to judge; with minibatches the loss is evaluated after each
 * epoch; the rule `keras` adds up every batch's.
 */
export function* timeline(rhythm: Rhythm): Generator<Event> {
  const { epochs, samples, batchSize, reduction, stop, recorded, block } = rhythm;
  const batches = batchesOf(rhythm);
  const scale = (size: number) => (reduction === "mean" ? 1 / size : 1);
  const all = (index: number): StepNumbers => ({
    index,
    start: 0,
    size: samples,
    order: 0,
    scale: scale(samples),
  });
  let record = 0;
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const index = epoch * batches;
    if (epoch === recorded[record]) yield { kind: "record", record: record++, epoch, step: all(index) };
    if (epoch === epochs) return;
    if (block > 0 && epoch % block === 0) yield { kind: "shuffle", epoch };
    for (let batch = 0; batch < batches; batch++) {
      const start = batch * batchSize;
      const size = Math.min(batchSize, samples - start);
      const step = {
        index: index + batch,
        start,
        size,
        order: block > 0 ? epoch % block : 0,
        scale: scale(size),
      };
      yield { kind: "step", step };
    }
    if (stop === "full" && batches > 1) yield { kind: "check", step: all(index + batches) };
  }
}

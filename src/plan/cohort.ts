import { type Dataset, sidesKey } from "../data/dataset.ts";
import { epochOrder, labelSigns } from "../data/stream.ts";
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
  const method =
    train.method === "gradient-descent"
      ? [train.epochs, batchSize(run, dataset.samples), train.stopRule, noisyEpochs(run)]
      : [train.tolerance, train.time, train.maxSteps];
  return JSON.stringify([
    model,
    variant,
    sidesKey(dataset),
    dataset.matrix?.cells !== undefined,
    dataset.samples,
    dataset.testSamples,
    loss.kind,
    loss.reduction,
    loss.l2 > 0,
    train.method,
    train.layers ?? "all",
    ...method,
    train.stopLoss !== null,
  ]);
}

/** Samples in a full minibatch; all of them where the document says `full` or more than there are. */
export const batchSize = ({ train }: Pick<Run, "train">, samples: number): number =>
  train.method === "gradient-flow" || train.batchSize === "full"
    ? samples
    : Math.min(train.batchSize, samples);

/** The size of a run's steps; 1 under a flow, whose steps are its own. */
export const stepSize = ({ train }: Pick<Run, "train">): number =>
  train.method === "gradient-descent" ? train.stepSize : 1;

/** What alpha multiplies: w(0) = weights w0, and the output is A times the model's (output scaling: Chizat et al. 2019). */
export const scalesOf = ({ init: { scaling, alpha } }: Pick<Run, "init">): { weights: number; A: number } =>
  scaling === "output" ? { weights: 1, A: alpha } : { weights: alpha, A: 1 };

/** w(0) of a run. */
export function startWeights({ run, w0 }: Pick<Member, "run" | "w0">): Float64Array {
  const { weights } = scalesOf(run);
  return w0.map((value) => weights * value);
}

/** Seed of the run's minibatch orders; the flow has none. */
export const shuffleSeed = ({ train }: Pick<Run, "train">): number =>
  train.method === "gradient-descent" ? train.seed : 0;

/** Standard deviation of the noise on labels; the flow has none. */
export const labelNoise = ({ train }: Pick<Run, "train">): number =>
  train.method === "gradient-descent" ? (train.labelNoise ?? 0) : 0;

/** How many epochs, the first, have noise on the labels. */
export const noisyEpochs = (run: Pick<Run, "train">): number => {
  const { train } = run;
  return train.method === "gradient-descent" && labelNoise(run) > 0
    ? Math.min(train.noiseEpochs ?? train.epochs, train.epochs)
    : 0;
};

/** A batch's places in an epoch, the epoch's samples in their order, and what the labels of all samples are off by. */
export interface EpochDraws {
  /** [samples] */
  order: Uint32Array;
  /** [samples], by sample; all 0 without noise. */
  noise: Float64Array;
}

/** What a run draws in an epoch: its minibatches' order and the noise on its labels (shaders/shuffle.wgsl). */
export function epochDraws(run: Pick<Run, "train">, epoch: number, samples: number): EpochDraws {
  const seed = shuffleSeed(run);
  const order =
    batchSize(run, samples) < samples
      ? epochOrder(seed, epoch, samples)
      : Uint32Array.from({ length: samples }, (_, j) => j);
  const noise = new Float64Array(samples);
  if (epoch < noisyEpochs(run))
    labelSigns(seed, epoch, samples).forEach((sign, j) => (noise[j] = labelNoise(run) * sign));
  return { order, noise };
}

/** A sweep that kernels are chosen for. */
export interface SweepSize {
  runs: number;
  /** Of these, the most that share their data, their targets and their shuffle stream. */
  sharing: number;
  /** 0 where a flow chooses how long it trains. */
  epochs: number;
}

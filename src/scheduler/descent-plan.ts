import { purposes } from "../data/stream.ts";
import { recordEpochs } from "../document/record-epochs.ts";
import type { DescentSpecification, RecordSpecification } from "../document/types.ts";
import { stopCheck } from "../kernels/stop-check.ts";
import { labelNoise } from "../kernels/label-noise.ts";
import { labelNoise as levelOf, noisyEpochs } from "../plan/cohort.ts";
import { addingLanes } from "../wgsl/lanes.ts";
import { shuffleDraw, shuffleRank } from "../kernels/shuffle.ts";
import type { CohortContext, CompiledModel } from "../models/model.ts";
import type { Dispatch } from "../plan/planner.ts";
import { type Progress, descentProgress } from "./progress.ts";
import { type Rhythm, batchesOf } from "./timeline.ts";

/** Gradient descent, compiled. */
export interface DescentPlan {
  method: "gradient-descent";
  rhythm: Rhythm;
  progress: Progress;
  /** Stop the runs whose loss, of the batch or of all samples, is low enough. */
  checkBatch: Dispatch;
  checkAll: Dispatch;
  /** After the last update: also stops those whose outputs are not finite, as having diverged. */
  checkEnd: Dispatch;
  /** Whether every loss of a batch is looked at, for the largest. */
  peaks: boolean;
  /** Draw the orders of a block of epochs, and the signs of noise on labels. */
  shuffle: Dispatch[];
  /** Adds the noise, between forward and back. */
  noise: Dispatch[];
}

/** Runs train until their last update, unless the GPU stops them. */
export function descentHorizon(
  context: Pick<CohortContext, "members" | "samples" | "capacity">,
): Uint32Array {
  const { train } = context.members[0].run as { train: DescentSpecification };
  const updates = train.epochs * batchesOf({ samples: context.samples, batchSize: context.capacity });
  return Uint32Array.from({ length: 2 * context.members.length }, (_, word) =>
    word % 2 === 0 ? updates : 0,
  );
}

/** Compiles what descent needs beside the model's steps: judges and shuffles. */
export async function planDescent(
  context: CohortContext,
  model: CompiledModel,
  record: RecordSpecification,
): Promise<DescentPlan> {
  const { planner, members, tables, horizon, order, samples, capacity } = context;
  const { run } = members[0];
  const train = run.train as DescentSpecification;
  const rhythm: Rhythm = {
    epochs: train.epochs,
    samples,
    batchSize: capacity,
    reduction: run.loss.reduction,
    stop: train.stopLoss === null ? "never" : train.stopRule,
    recorded: recordEpochs(record.every, train.epochs),
    block: planner.shape.epochs,
  };
  const running = planner.buffer("running loss", 4 * members.length);
  const peak = context.peak ?? planner.scratchBuffer("no peak losses", 4);
  const checking = (
    r: GPUBuffer,
    size: number,
    rules: { RUNNING: boolean; STOPS: boolean; ENDS: boolean; PEAK?: boolean },
  ) =>
    planner.dispatch(stopCheck, {
      overrides: { LANES: addingLanes(planner.device.adapter.software, size, 64), ...rules },
      params: { capacity: size, batches: batchesOf(rhythm) },
      bind: { run_tiles: tables.runTiles, r, runs: model.parameters, running, horizon, peak },
    });
  const shuffle: Dispatch[] = [];
  if (context.shuffled) {
    const { seeds } = context.data;
    const bind = {
      seeds: planner.filled("shuffle seeds", seeds),
      keys: planner.scratchBuffer("shuffle keys", 8 * rhythm.block * seeds.length * samples),
      order,
    };
    const SORTED = capacity < samples;
    const params = {
      tag: purposes.shuffle,
      noise_tag: purposes.labelNoise,
      noisy_epochs: noisyEpochs(run),
    };
    if (SORTED) shuffle.push(await planner.dispatch(shuffleDraw, { params, bind }));
    shuffle.push(await planner.dispatch(shuffleRank, { overrides: { SORTED }, params, bind }));
  }
  const noise: Dispatch[] = [];
  if (context.noisy) {
    const level = planner.filled(
      "noise on labels",
      Float32Array.from(members, (member) => levelOf(member.run)),
    );
    for (const { row, factor } of model.residuals ?? [])
      noise.push(
        await planner.dispatch(labelNoise, {
          params: { row, factor },
          bind: { run_tiles: tables.trainedRunTiles, order, level, signal: model.signal },
        }),
      );
  }
  return {
    method: "gradient-descent",
    rhythm,
    progress: descentProgress(horizon, members, batchesOf(rhythm)),
    checkBatch: await checking(model.signal, capacity, {
      RUNNING: rhythm.stop === "keras",
      STOPS: rhythm.stop !== "never" && (rhythm.stop === "keras" || capacity === samples),
      ENDS: false,
      PEAK: context.peak !== undefined,
    }),
    peaks: context.peak !== undefined,
    checkAll: await checking(model.evaluated, samples, { RUNNING: false, STOPS: true, ENDS: false }),
    checkEnd: await checking(model.evaluated, samples, {
      RUNNING: false,
      STOPS: rhythm.stop === "full",
      ENDS: true,
    }),
    shuffle,
    noise,
  };
}

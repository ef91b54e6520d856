import { purposes } from "../data/stream.ts";
import type { RecordSpecification } from "../document/types.ts";
import type { Device } from "../gpu/device.ts";
import { judge } from "../kernels/judge.ts";
import { shuffleDraw, shuffleRank } from "../kernels/shuffle.ts";
import type { CohortContext, CompiledModel, ModelKind } from "../models/model.ts";
import type { QuantityName } from "../quantities/catalogue.ts";
import { type Member, batchSize } from "./cohort.ts";
import { uploadData } from "./data_buffers.ts";
import { type Dispatch, Planner } from "./planner.ts";
import { type Progress, descentProgress } from "./progress.ts";
import { Recorder } from "./recorder.ts";
import { Tables } from "./tables.ts";
import { type Rhythm, batchesOf } from "./timeline.ts";

/** Words of the order table: as many epochs are drawn at a time as fit. */
const ORDER_WORDS = 2 ** 18;

export interface PlanOptions {
  /** Use the tiled kernels; on by default where a load is dear, on software adapters. */
  tiled?: boolean | undefined;
}

/** A cohort compiled once: buffers allocated, pipelines chosen, bind groups built, dispatches listed. */
export interface CohortPlan {
  members: readonly Member[];
  rhythm: Rhythm;
  planner: Planner;
  recorder: Recorder;
  tables: Tables;
  progress: Progress;
  model: CompiledModel;
  context: CohortContext;
  /** Run once before the first record; run at every record after `model.evaluate`. */
  prepare: Dispatch[];
  measure: Dispatch[];
  /** Stop the runs whose loss, of the batch or of all samples, is low enough. */
  judgeBatch: Dispatch;
  judgeAll: Dispatch;
  /** Draw the orders of a block of epochs. */
  shuffle: Dispatch[];
}

/**
 * Compiles runs of one model into a plan.
 *
 * @param recorded epochs to record, increasing, from 0 to the last
 */
export async function planCohort(
  device: Device,
  kind: ModelKind,
  unsorted: readonly Member[],
  record: RecordSpecification,
  recorded: Uint32Array,
  options: PlanOptions = {},
): Promise<CohortPlan> {
  const members = byData(unsorted);
  const { run, dataset } = members[0]!;
  const { samples, inputs, testSamples } = dataset;
  const capacity = batchSize(run, samples);
  const shuffled = capacity < samples;
  const quantities = record.quantities as QuantityName[];
  const channels = kind.channels(quantities);
  const planner = new Planner(device, { samples, inputs, channels, capacity });
  try {
    const data = uploadData(planner, members, shuffled, members.map(kind.startPredictor));
    const streams = data.seeds.length;
    const block = shuffled ? Math.max(1, Math.min(64, Math.floor(ORDER_WORDS / (streams * samples)))) : 0;
    const rhythm: Rhythm = {
      epochs: run.train.epochs,
      samples,
      batchSize: capacity,
      reduction: run.loss.reduction,
      stop: run.train.stopLoss === null ? "never" : run.train.stopRule,
      recorded,
      block,
    };
    Object.assign(planner.shape, { streams, epochs: block });
    const tables = new Tables(planner, data.placements, channels);
    const recorder = new Recorder(planner, tables.singles, members.length);
    const horizon = planner.filled("horizon", unstopped(members.length, rhythm.epochs * batchesOf(rhythm)));
    const order = planner.buffer("orders", 4 * block * streams * samples);
    const context: CohortContext = {
      planner,
      recorder,
      members,
      data,
      tables,
      order,
      shuffled,
      horizon,
      samples,
      inputs,
      testSamples,
      capacity,
      quantities,
      arrays: record.arrays,
      tiled: options.tiled ?? device.adapter.software,
      lanes: device.adapter.software ? 4 : 32,
    };
    const model = await kind.compile(context);
    const { prepare, record: measure } = await recorder.compile();

    const running = planner.buffer("running loss", 4 * members.length);
    const judging = (r: GPUBuffer, size: number, RUNNING: boolean) =>
      planner.dispatch(judge, {
        overrides: { RUNNING },
        params: { capacity: size, batches: batchesOf(rhythm) },
        bind: { singles: tables.singles, r, runs: model.parameters, running, horizon },
      });
    const shuffle: Dispatch[] = [];
    if (shuffled) {
      const seeds = planner.filled("shuffle seeds", data.seeds);
      const keys = planner.buffer("shuffle keys", 8 * block * streams * samples);
      for (const kernel of [shuffleDraw, shuffleRank])
        shuffle.push(
          await planner.dispatch(kernel, { params: { tag: purposes.shuffle }, bind: { seeds, keys, order } }),
        );
    }
    return {
      members,
      rhythm,
      planner,
      recorder,
      tables,
      progress: descentProgress(horizon, members, batchesOf(rhythm)),
      model,
      context,
      prepare,
      measure,
      judgeBatch: await judging(model.signal, capacity, rhythm.stop === "keras"),
      judgeAll: await judging(model.evaluated, samples, false),
      shuffle,
    };
  } catch (error) {
    planner.release();
    throw error;
  }
}

/** Runs that share data, then a shuffle stream, made neighbours: they fall into the same tiles. */
function byData(members: readonly Member[]): Member[] {
  const place = new Map(
    [...new Set(members.map(({ dataset }) => dataset))].map((dataset, k) => [dataset, k]),
  );
  return [...members].sort(
    (one, two) =>
      place.get(one.dataset)! - place.get(two.dataset)! ||
      one.run.train.seed - two.run.train.seed ||
      one.run.index - two.run.index,
  );
}

/** Horizons of runs that train for `updates` updates. */
const unstopped = (runs: number, updates: number): Uint32Array =>
  Uint32Array.from({ length: 2 * runs }, (_, word) => (word % 2 === 0 ? updates : 0));

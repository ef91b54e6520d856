import type { ArrayName, RecordSpecification } from "../document/types.ts";
import { adapterFamily } from "../gpu/adapter.ts";
import type { Device } from "../gpu/device.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import type { CohortContext, CompiledModel, ModelBehaviour } from "../models/model.ts";
import type { Measurable } from "../models/measurable.ts";
import type { QuantityName } from "../quantities/catalogue.ts";
import {
  type FinishedArray,
  type RecordedArrays,
  finishedArrays,
  measure,
  needsOf,
  recordedArrays,
} from "../quantities/measures.ts";
import { type SweepSize, type Member, batchSize, noisyEpochs, shuffleSeed } from "../plan/cohort.ts";
import { uploadData } from "../plan/data-buffers.ts";
import { type DescentPlan, descentHorizon, planDescent } from "./descent-plan.ts";
import type { FlowPlan } from "./flow-plan.ts";
import { type Dispatch, Planner, type SettledOn } from "../plan/planner.ts";
import type { Progress } from "./progress.ts";
import { type Finish, Recorder } from "../plan/recorder.ts";
import { Tables } from "../plan/tables.ts";
import { mostSharing } from "../plan/tiles.ts";

/** Words of the order table: as many epochs are drawn at a time as fit. */
const ORDER_WORDS = 2 ** 18;

export interface PlanOptions {
  /** Use the tiled kernels; on by default where a load is dear, on software adapters. */
  tiled?: boolean | undefined;
  /** Take fused steps, a whole update or many a dispatch, where a model can: where it pays, unless told. */
  fused?: boolean | undefined;
  /** Take the kernels that this sweep would, not those of the runs at hand. */
  sweepSize?: SweepSize | undefined;
  /** How works are done where not in the standard way. */
  settled?: SettledOn | undefined;
  /** Aborting gives the plan up: its buffers go at once, whatever is still being compiled. */
  signal?: AbortSignal | undefined;
}

/** The two ways to train runs that a model may choose between. */
export const UPDATES = ["stepwise", "fused"] as const;

/** How the updates of a cohort's runs are called, as a work whose variants are `UPDATES`. */
export const updatesWork = ({ run, dataset: { samples, inputs } }: Member, channels: number): string =>
  `updates ${JSON.stringify(run.model)} samples=${samples} inputs=${inputs} channels=${channels}`;

/** A cohort compiled once: buffers allocated, pipelines chosen, bind groups built, dispatches listed. */
export interface CohortPlan<Method extends DescentPlan | FlowPlan = DescentPlan | FlowPlan> {
  members: readonly Member[];
  planner: Planner;
  recorder: Recorder;
  tables: Tables;
  progress: Progress;
  model: CompiledModel;
  context: CohortContext;
  record: RecordSpecification;
  /** How each recorded quantity is finished. */
  finish: ReadonlyMap<QuantityName, Finish>;
  /** Arrays as the record's dispatches leave them. */
  arrays: RecordedArrays;
  /** Arrays that the CPU finishes. */
  finishedArrays: ReadonlyMap<ArrayName, FinishedArray>;
  /** Run once before the first record; run at every record after `model.evaluate`. */
  prepare: Dispatch[];
  measure: Dispatch[];
  method: Method;
}

/** Compiles runs of one model into a plan. */
export async function planCohort(
  device: Device,
  behaviour: ModelBehaviour,
  unsorted: readonly Member[],
  record: RecordSpecification,
  options: PlanOptions = {},
): Promise<CohortPlan> {
  const members = byData(unsorted);
  const { run, dataset } = members[0];
  const { samples, inputs, outputs, testSamples } = dataset;
  const capacity = batchSize(run, samples);
  const noisy = noisyEpochs(run) > 0;
  const shuffled = capacity < samples || noisy;
  const descends = run.train.method === "gradient-descent";
  const needs = needsOf(record);
  const channels = outputs * behaviour.channels(needs);
  const { settled = () => undefined } = options;
  const planner = new Planner(device, { samples, inputs, outputs, channels, capacity }, settled);
  options.signal?.addEventListener("abort", () => planner.release());
  const updates = settled(updatesWork(members[0], channels), []);
  try {
    const data = uploadData(planner, members, shuffled, members.map(behaviour.startPredictor));
    const streams = data.seeds.length;
    const epochs = shuffled ? Math.max(1, Math.min(64, Math.floor(ORDER_WORDS / (streams * samples)))) : 0;
    Object.assign(planner.shape, { streams, epochs, all: members.length });
    const tables = new Tables(planner, data.placements, channels);
    const recorder = new Recorder(planner, tables.runTiles, members.length);
    const horizon = planner.filled(
      "horizon",
      descends ? descentHorizon({ members, samples, capacity }) : new Uint32Array(2 * members.length).fill(1),
    );
    const peak = record.quantities.includes("peak_loss")
      ? planner.buffer("peak losses", 4 * members.length)
      : undefined;
    const context: CohortContext = {
      planner,
      recorder,
      members,
      data,
      tables,
      order: planner.buffer("orders", 4 * epochs * streams * samples),
      shuffled,
      noisy,
      peak,
      horizon,
      samples,
      inputs,
      outputs,
      testSamples,
      fullKernels: outputs > 1 && record.kernelOutputs === "full",
      capacity,
      needs,
      tiling: tilingOf(device, options.tiled),
      sweepSize: options.sweepSize ?? {
        runs: members.length,
        sharing: mostSharing(data.placements),
        epochs: run.train.method === "gradient-descent" ? run.train.epochs : 0,
      },
      // Only single updates leave each loss behind.
      fused: peak ? false : (options.fused ?? (updates === undefined ? undefined : updates === "fused")),
    };
    const model = await behaviour.compile(context);
    const measured = {
      context,
      model: model.measurable as Measurable,
      quantities: record.quantities as QuantityName[],
      arrays: record.arrays,
    };
    const finish = await measure(measured);
    const arrays = await recordedArrays(measured);
    const finishing = await finishedArrays(measured);
    const { prepare, record: measuring } = await recorder.compile();
    const method = descends
      ? await planDescent(context, model, record)
      : await (await import("./flow-plan.ts")).planFlow(context, model);
    const { progress } = method;
    return {
      ...{ members, planner, recorder, tables, progress, model, context },
      ...{ record, finish, arrays, finishedArrays: finishing, prepare, measure: measuring, method },
    };
  } catch (error) {
    planner.release();
    throw error;
  }
}

/** What suits the adapter; `tiled` where it is told. */
function tilingOf({ adapter, gpu }: Device, tiled = adapter.software): Tiling {
  const { software } = adapter;
  const vector = adapterFamily(adapter) === "llvm" ? 8 : 4;
  return {
    ...{ tiled, software, quads: gpu.features.has("subgroups") },
    ...{ lanes: software ? vector : 32, vector, fours: vector > 4 },
  };
}

/** Runs that share data, then a shuffle stream, made neighbours: they fall into the same tiles. */
function byData(members: readonly Member[]): Member[] {
  const place = new Map(
    [...new Set(members.map(({ dataset }) => dataset))].map((dataset, k) => [dataset, k]),
  );
  return [...members].sort(
    (one, two) =>
      place.get(one.dataset)! - place.get(two.dataset)! ||
      shuffleSeed(one.run) - shuffleSeed(two.run) ||
      one.run.index - two.run.index,
  );
}

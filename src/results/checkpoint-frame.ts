/** A checkpoint as a frame and back: the page that trains sends it, the command keeps it, a later page is given it. */

import type { Json } from "../document/types.ts";
import type { Settled } from "../wgsl/choice.ts";
import type { Checkpoint, SearchState, TrainingState } from "../scheduler/checkpoint.ts";
import type { Kernels } from "../plan/planner.ts";
import type { Progress } from "../scheduler/sink.ts";
import { type Frame, FrameError } from "./frame.ts";
import { runStatuses } from "./run-statuses.ts";

const bufferPrefix = "buffer:";

export function checkpointFrame(checkpoint: Checkpoint): Frame {
  const { parts, sizes, progress, kernels, settled, training, search } = checkpoint;
  const fields: Frame["fields"] = { parts, progress: { ...progress }, kernels, settled };
  const columns: Frame["columns"] = {};
  if (sizes) fields.sizes = sizes;
  if (search) {
    fields.before = { ...search.before };
    columns.trials = search.trials;
  }
  if (training) {
    const { position, endings, recorded, buffers } = training;
    Object.assign(fields, {
      position,
      variants: training.kernels,
      labels: buffers.map(({ label }) => label),
    });
    columns.ended = Uint32Array.from(endings, (ending) => ending.position);
    columns.stopped = Uint32Array.from(endings, ({ stopped }) => Number(stopped));
    columns.status = Uint32Array.from(endings, ({ status }) => runStatuses.indexOf(status));
    columns.epoch = Float64Array.from(endings, ({ epoch }) => epoch);
    columns.time = Float64Array.from(endings, ({ time }) => time);
    columns.recorded = recorded;
    buffers.forEach(({ words }, k) => (columns[bufferPrefix + k] = words));
  }
  return { kind: "checkpoint", fields, columns };
}

/**
 * Whether its buffers and runs are those of the sweep is checked when training goes on from it.
 *
 * @throws FrameError where the frame holds no checkpoint
 */
export function readCheckpoint(frame: Frame): Checkpoint {
  const { parts, sizes, progress, kernels, settled, labels, before } = frame.fields;
  if (
    frame.kind !== "checkpoint" ||
    !isCount(parts) ||
    !isObject(progress) ||
    !isObject(kernels) ||
    !isObject(settled) ||
    !Object.values(settled).every((name) => typeof name === "string")
  )
    throw new FrameError("a frame that is no checkpoint");
  return {
    parts,
    ...(isCounts(sizes) && { sizes }),
    progress: readProgress(progress),
    kernels: kernels as Kernels,
    settled: settled as Settled,
    ...(labels !== undefined && { training: readTraining(frame, labels) }),
    ...(before !== undefined && { search: readSearch(frame, before) }),
  };
}

function readProgress(fields: { [key: string]: Json }): Progress {
  const number = (name: keyof Progress): number => {
    const value = fields[name];
    return typeof value === "number" ? value : 0;
  };
  return {
    runs: number("runs"),
    runsDone: number("runsDone"),
    runSteps: number("runSteps"),
    // Where it is not known, JSON has no word for it.
    runStepsTotal: fields.runStepsTotal === null ? NaN : number("runStepsTotal"),
    seconds: number("seconds"),
  };
}

function readSearch({ columns: { trials } }: Frame, before: Json): SearchState {
  if (!isObject(before) || !(trials instanceof Float64Array))
    throw new FrameError("a checkpoint without the state of its search");
  return { before: readProgress(before), trials };
}

function readTraining({ fields, columns }: Frame, labels: Json): TrainingState {
  const { position, variants } = fields;
  const { ended, stopped, status, epoch, time, recorded } = columns;
  const lists = [ended, stopped, status, epoch, time];
  if (
    !isCount(position) ||
    !isObject(variants) ||
    !isTexts(labels) ||
    !lists.every((list) => list !== undefined && list.length === ended.length) ||
    !(recorded instanceof Float64Array)
  )
    throw new FrameError("a checkpoint without the state of its training");
  return {
    position,
    kernels: variants as Kernels,
    endings: Array.from(ended, (run, k) => ({
      position: run,
      stopped: stopped[k] !== 0,
      status: runStatuses[status[k]] ?? "finished",
      epoch: epoch[k],
      time: time[k],
    })),
    recorded,
    buffers: labels.map((label, k) => {
      const words = columns[bufferPrefix + k];
      if (!(words instanceof Uint32Array)) throw new FrameError("a checkpoint without one of its buffers");
      return { label, words };
    }),
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCounts = (value: Json | undefined): value is number[] => Array.isArray(value) && value.every(isCount);
const isTexts = (value: Json): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");
const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

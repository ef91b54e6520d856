/** What a sink is given, as frames and back: the page writes them, the command reads them. */

import type { Json } from "../document/types.ts";
import { arrayNames } from "../quantities/arrays.ts";
import type { AddedRun, BlockArrays, EndBlock, Progress, RecordBlock, Sink } from "../scheduler/sink.ts";
import { readCheckpoint } from "./checkpoint-frame.ts";
import type { Frame, FrameColumn } from "./frame.ts";
import { FrameError } from "./frame.ts";
import { runStatuses } from "./run-statuses.ts";

const quantityPrefix = "quantity:";
const arrayPrefix = "array:";

/** A record of several runs. */
export const recordFrame = (block: RecordBlock): Frame => ({
  kind: "record",
  fields: { record: block.record, shapes: shapesOf(block) },
  columns: {
    runs: block.runs,
    epoch: block.epoch,
    time: block.time,
    ...arrayColumns(block),
    ...Object.fromEntries(
      Object.entries(block.quantities).map(([name, column]) => [quantityPrefix + name, column]),
    ),
  },
});

/** The end of several runs. */
export const endFrame = (block: EndBlock): Frame => ({
  kind: "end",
  fields: { shapes: shapesOf(block) },
  columns: {
    runs: block.runs,
    status: Uint32Array.from(block.status, (status) => runStatuses.indexOf(status)),
    epochs: block.epochs,
    time: block.time,
    ...arrayColumns(block),
  },
});

/** Runs that a search has decided on. */
export const beginFrame = (runs: readonly AddedRun[]): Frame => ({
  kind: "begin",
  fields: { swept: runs.map(({ swept }) => swept) },
  columns: { runs: Uint32Array.from(runs, ({ index }) => index) },
});

export const progressFrame = (progress: Progress): Frame => ({
  kind: "progress",
  fields: { ...progress },
  columns: {},
});

/** Hands what a frame holds to the sink. */
export async function deliverFrame(frame: Frame, sink: Sink): Promise<void> {
  if (frame.kind === "begin") await sink.begin?.(readBegin(frame));
  else if (frame.kind === "record") await sink.record(readRecord(frame));
  else if (frame.kind === "end") await sink.end(readEnd(frame));
  else if (frame.kind === "checkpoint") await sink.checkpoint?.(readCheckpoint(frame));
  else if (frame.kind === "progress") sink.progress?.(readProgress(frame));
  else throw new FrameError(`a frame of the unknown kind ${JSON.stringify(frame.kind)}`);
}

function readBegin(frame: Frame): AddedRun[] {
  const { swept } = frame.fields;
  const runs = column(frame, "runs", Uint32Array);
  if (!Array.isArray(swept) || swept.length !== runs.length)
    throw new FrameError("a begin frame without its swept values");
  return Array.from(runs, (index, row) => ({ index, swept: swept[row] as { [path: string]: Json } }));
}

function readRecord(frame: Frame): RecordBlock {
  const runs = column(frame, "runs", Uint32Array);
  const rows = runs.length;
  const quantities = Object.keys(frame.columns)
    .filter((name) => name.startsWith(quantityPrefix))
    .map((name): [string, Float64Array] => [
      name.slice(quantityPrefix.length),
      column(frame, name, Float64Array, rows),
    ]);
  return {
    runs,
    record: count(frame, "record"),
    epoch: column(frame, "epoch", Float64Array, rows),
    time: column(frame, "time", Float64Array, rows),
    quantities: Object.fromEntries(quantities),
    ...readArrays(frame, rows),
  };
}

function readEnd(frame: Frame): EndBlock {
  const runs = column(frame, "runs", Uint32Array);
  const rows = runs.length;
  const status = Array.from(column(frame, "status", Uint32Array, rows), (code) => {
    if (code >= runStatuses.length) throw new FrameError(`a run's end with the unknown status ${code}`);
    return runStatuses[code];
  });
  return {
    runs,
    status,
    epochs: column(frame, "epochs", Float64Array, rows),
    time: column(frame, "time", Float64Array, rows),
    ...readArrays(frame, rows),
  };
}

/** Progress is for the eye: a number that JSON could not carry (no total known) reads as 0 and harms nothing. */
function readProgress({ fields }: Frame): Progress {
  const read = (name: keyof Progress): number => Number(fields[name] ?? 0);
  return {
    runs: read("runs"),
    runsDone: read("runsDone"),
    runSteps: read("runSteps"),
    runStepsTotal: read("runStepsTotal"),
    seconds: read("seconds"),
  };
}

function count(frame: Frame, field: string): number {
  const value = frame.fields[field];
  if (typeof value !== "number" || value < 0)
    throw new FrameError(`a ${frame.kind} frame without its ${field}`);
  return value;
}

function column<C extends FrameColumn>(
  frame: Frame,
  name: string,
  type: abstract new (...parameters: never[]) => C,
  rows?: number,
): C {
  const found = frame.columns[name];
  if (!(found instanceof type) || (rows !== undefined && found.length !== rows))
    throw new FrameError(`a ${frame.kind} frame without its column ${name}`);
  return found;
}

const shapesOf = ({ arrays = {} }: { arrays?: BlockArrays }): { [name: string]: number[] } =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, [...shape]]));

const arrayColumns = ({ arrays = {} }: { arrays?: BlockArrays }): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [arrayPrefix + name, data]));

/** Arrays of equal items, one a row. */
function readArrays(frame: Frame, rows: number): { arrays?: BlockArrays } {
  const arrays: BlockArrays = {};
  const shapes = frame.fields.shapes as { [name: string]: unknown } | undefined;
  for (const name of arrayNames) {
    if (!frame.columns[arrayPrefix + name]) continue;
    const data = column(frame, arrayPrefix + name, Float32Array);
    const shape = shapes?.[name];
    const isShape = Array.isArray(shape) && shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0);
    if (!isShape || data.length !== (shape as number[]).reduce((size, axis) => size * axis, rows))
      throw new FrameError(`a ${frame.kind} frame whose ${name} is not ${rows} rows of its shape`);
    arrays[name] = { shape: shape as number[], data };
  }
  return Object.keys(arrays).length > 0 ? { arrays } : {};
}

/** arrays/<name>.json: the axes of arrays/<name>.npy, with their coordinates. */

import { closeSync, existsSync, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { mostNpyHead, npyLayout } from "../data/npy.ts";
import type { ArrayName, Experiment, Json } from "../document/types.ts";
import { arrayKinds, axesByRank } from "../quantities/arrays.ts";
import type { AddedRun } from "../scheduler/sink.ts";
import { readBytes } from "./file-bytes.ts";
import { folderFiles } from "./folder-files.ts";
import type { RecordSchedule } from "./record-schedule.ts";
import { Replacement } from "./replacement.ts";

/** More runs than this have their coordinates in runs.parquet alone. */
const mostRuns = 100_000;

export const descriptionPath = (directory: string, name: ArrayName): string =>
  join(directory, folderFiles.arrays, `${name}.json`);

/** Describes every array of the folder that is there. */
export function describeArrays(
  directory: string,
  { runs: [{ record }] }: Experiment,
  runs: readonly AddedRun[],
  schedule: RecordSchedule,
): void {
  for (const name of record.arrays) {
    const shape = shapeOf(join(directory, folderFiles.arrays, `${name}.npy`));
    if (!shape) continue;
    const { title, when } = arrayKinds[name];
    const hasRecords = when === "record";
    const rank = shape.length - (hasRecords ? 2 : 1);
    const own = axesByRank(name)
      .get(rank)!
      .map((axis) =>
        axis === "kernel rows" && record.kernelOutputs === "trace" ? "training samples" : axis,
      );
    const file = new Replacement(descriptionPath(directory, name));
    const described = {
      array: name,
      title,
      unit: "1",
      dtype: "float32",
      order: "C",
      missing: "NaN: after a run's last record, and where a run has not ended",
      axes: [
        { name: "run", size: shape[0], coordinates: runCoordinates(runs) },
        ...(hasRecords
          ? [{ name: "record", size: shape[1], coordinates: { epoch: epochCoordinates(runs, schedule) } }]
          : []),
        ...own.map((axis, place) => ({ name: axis, size: shape[place + (hasRecords ? 2 : 1)] })),
      ],
    };
    file.append(Buffer.from(`${JSON.stringify(described, null, 1)}\n`, "utf8"));
    file.finish();
  }
}

/** The numbers of the runs, and what the sweep set for each. */
function runCoordinates(runs: readonly AddedRun[]): Json {
  if (runs.length > mostRuns) return { run: { in: folderFiles.runs } };
  return Object.fromEntries([
    ["run", runs.map(({ index }) => index)],
    ...Object.keys(runs[0]?.swept ?? {}).map((path) => [path, runs.map(({ swept }) => swept[path])]),
  ]) as Json;
}

/** A list where all runs recorded at the same epochs, else one a run. */
function epochCoordinates(runs: readonly AddedRun[], schedule: RecordSchedule): Json {
  const { epochs } = schedule;
  if (!epochs) return { in: folderFiles.history };
  if ("shared" in epochs) return [...epochs.shared];
  return { byRun: runs.map(({ index }) => [...epochs.byRun(index)]) };
}

function shapeOf(path: string): number[] | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const head = new Uint8Array(Math.min(size, mostNpyHead));
    readBytes(file, head, 0);
    return npyLayout(head, size, path).shape;
  } finally {
    closeSync(file);
  }
}

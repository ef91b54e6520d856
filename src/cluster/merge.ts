/** From the shards of a sweep to one results folder, with the bytes of a sweep that was never cut. */

import { existsSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Table } from "../document/table.ts";
import { distrust } from "../guard/guard.ts";
import type { Experiment } from "../document/types.ts";
import { pieces } from "../experiment/part.ts";
import { readExperiment } from "../experiment/experiment.ts";
import { DocumentError } from "../document/error.ts";
import { describeArrays } from "../results/array-description.ts";
import { folderFiles } from "../results/folder.ts";
import { parseManifest } from "../results/manifest.ts";
import { writeManifest } from "../results/manifest-file.ts";
import { writeTables } from "../results/tables.ts";
import type { Manifest } from "../results/types.ts";
import { naming, removeResults } from "../results/writer.ts";
import { mergeArrays } from "./merge-arrays.ts";
import { ShardRecords } from "./shard-records.ts";
import type { TrainedShard } from "./shards.ts";

/** Whether a folder holds all of an experiment, beside its shards or without. */
export function isMerged(folder: string): boolean {
  const path = join(folder, folderFiles.manifest);
  try {
    return existsSync(path) && parseManifest(readFileSync(path)).status === "finished";
  } catch {
    return false;
  }
}

/**
 * Refuses a folder in which an experiment was begun that is not cut.
 *
 * @throws DocumentError
 */
export function refuseWhole(folder: string): void {
  if (existsSync(join(folder, folderFiles.manifest)))
    throw new DocumentError(
      folder,
      "holds an experiment that is not cut into shards; give another folder with --out",
    );
}

/**
 * Writes tables, arrays and manifest of shards that have been checked. Where that fails, the folder is left as it was. Memory grows
 * with the number of runs (a row of the runs table each), not with that of records.
 *
 * @throws DocumentError that names a damaged shard; Error that says why the folder cannot be written
 */
export function mergeShards(
  folder: string,
  shards: readonly TrainedShard[],
  options: { csv: boolean; writing?: (share: number) => void },
): { experiment: Experiment; runs: Table; manifest: Manifest } {
  const experiment = readExperiment(shards[0].manifest.document, shards[0].path);
  if (shards.at(-1)!.manifest.shard.end !== pieces(experiment))
    throw new DocumentError(folder, "holds shards that do not make up the document; train them again");
  const records = new ShardRecords(experiment, shards);
  try {
    return naming(folder, () => {
      const { runs: all } = records;
      const { table: runs, schedule } = writeTables(folder, records, { experiment, runs: all, ...options });
      for (const name of experiment.runs[0].record.arrays) mergeArrays(folder, name, shards);
      describeArrays(folder, experiment, all, schedule);
      const manifest = manifestOf(shards);
      writeManifest(folder, manifest);
      return { experiment, runs, manifest };
    });
  } catch (error) {
    removeResults(folder);
    try {
      rmdirSync(join(folder, folderFiles.arrays));
    } catch {
      // There is none.
    }
    throw error;
  }
}

/** Seconds add up; of what the guards say, the first thing that is wrong is told. */
function manifestOf(shards: readonly TrainedShard[]): Manifest {
  const all = shards.map(({ manifest }) => manifest);
  const { shard: _, ...first } = all[0];
  return {
    ...first,
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
    warnings: [...new Set(all.flatMap(({ warnings }) => warnings))],
    kernels: Object.assign({}, ...all.map(({ kernels }) => kernels)) as Manifest["kernels"],
    settled: Object.assign({}, ...all.map(({ settled }) => settled)) as Manifest["settled"],
    ...(first.minimumNuclear && { minimumNuclear: all.flatMap((own) => own.minimumNuclear ?? []) }),
    guard: (all.find(({ guard }) => distrust(guard)) ?? first).guard,
  };
}

/** Removes shards, and what a scheduler's tasks have left beside them. */
export function removeShards(folder: string): void {
  rmSync(join(folder, folderFiles.shards), { recursive: true, force: true });
}

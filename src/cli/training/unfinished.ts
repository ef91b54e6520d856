/** What `--resume` finds in a results folder. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adapterName } from "../../cluster/adapter-name.ts";
import type { Files } from "../../data/kind.ts";
import { firstDifference } from "../../document/difference.ts";
import { DocumentError } from "../../document/error.ts";
import { formatPath } from "../../document/path.ts";
import { shown } from "../../document/shown.ts";
import type { Json } from "../../document/types.ts";
import type { AdapterReport } from "../../gpu/adapter.ts";
import { readSavedCheckpoint, type SavedCheckpoint } from "../../results/checkpoint-file.ts";
import { folderFiles } from "../../results/folder.ts";
import { parseManifest } from "../../results/manifest.ts";
import { Spool } from "../../results/spool.ts";
import type { Manifest } from "../../results/types.ts";
import { hasNotBegun, refuseUsedFolder } from "../../results/used-folder.ts";
import { checkArrays } from "../../results/writer.ts";
import { begunRuns } from "../../search/run-search.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import { UsageError } from "../process/failure.ts";

/** A folder with an experiment's results, or some of them. */
export interface Begun {
  manifest: Manifest;
  /** What to go on from; without it training begins anew. */
  saved?: SavedCheckpoint | undefined;
  /** Why there is nothing to go on from, where that is worth a line. */
  problem?: string;
}

/**
 * Looks into a folder; undefined where nothing has begun in it.
 *
 * @throws DocumentError where it holds something else, or was begun with another document or other files
 */
export function findBegun(folder: string, opened: OpenedExperiment): Begun | undefined {
  const path = join(folder, folderFiles.manifest);
  if (!existsSync(path) || hasNotBegun(folder)) {
    refuseUsedFolder(folder);
    return undefined;
  }
  const manifest = readManifest(folder, path);
  refuseChange(folder, manifest, opened);
  if (manifest.status === "finished") return { manifest };
  try {
    const saved = readSavedCheckpoint(folder);
    // Only looked at: another command may be writing there.
    if (saved) {
      const spool = Spool.check(join(folder, folderFiles.spool), saved.folder.spool);
      checkArrays(folder, opened.experiment, spool, saved.folder);
    }
    if (saved) refuseChangedFiles(folder, saved, opened);
    if (saved) refuseOtherSearch(saved, opened);
    return { manifest, saved };
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    return { manifest, problem: (error as Error).message };
  }
}

/**
 * Results are those of one adapter and one program from beginning to end.
 *
 * @throws UsageError that names both
 */
export function refuseOther(
  folder: string,
  { manifest }: Begun,
  adapter: AdapterReport,
  version: string,
): void {
  const [was, is] = [adapterName(manifest.adapter), adapterName(adapter)];
  if (was !== is)
    throw new UsageError(
      `${folder} was begun on the adapter ${was}, and this is ${is}; go on there, or begin anew in another folder`,
    );
  if (manifest.versions.alphasweep !== version)
    throw new UsageError(
      `${folder} was begun by alphasweep ${manifest.versions.alphasweep}, and this is ${version}; go on with that, or begin anew in another folder`,
    );
}

/** Checksums of an experiment's files, by the path that the document names them with. */
export const checksums = (files: Files): Record<string, string> =>
  Object.fromEntries(
    Array.from(files, ([path, bytes]) => [path, createHash("sha256").update(bytes).digest("hex")]),
  );

function readManifest(folder: string, path: string): Manifest {
  try {
    return parseManifest(readFileSync(path));
  } catch (error) {
    throw new DocumentError(folder, `cannot be gone on with: ${(error as Error).message}`);
  }
}

function refuseChange(folder: string, manifest: Manifest, { experiment, name }: OpenedExperiment): void {
  const document = JSON.parse(JSON.stringify(experiment.document)) as Json;
  const difference = firstDifference(document, manifest.document);
  if (!difference) return;
  const { path, one, other } = difference;
  const value = (found: Json | undefined) => (found === undefined ? "missing" : shown(found));
  throw new DocumentError(
    formatPath(path),
    `is ${value(one)}, and ${value(other)} where ${folder} was begun; --resume goes on with the same document only`,
    name,
  );
}

/** The rounds that a checkpoint knows of are those that its own trials lead to. */
function refuseOtherSearch({ checkpoint }: SavedCheckpoint, { experiment }: OpenedExperiment): void {
  const { search } = experiment;
  if (!search !== !checkpoint.search) throw new Error("the checkpoint is of another document");
  if (search) begunRuns(experiment, search, checkpoint.search);
}

function refuseChangedFiles(
  folder: string,
  { folder: { inputs } }: SavedCheckpoint,
  { files }: OpenedExperiment,
): void {
  for (const [path, checksum] of Object.entries(checksums(files)))
    if (inputs[path] !== checksum)
      throw new DocumentError(
        path,
        `has changed since ${folder} was begun; --resume goes on with the same data only`,
      );
}

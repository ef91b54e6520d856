import { mkdirSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { DocumentError } from "../document/error.ts";

/** Where the pieces of a results folder lie. */
export const folderFiles = {
  manifest: "manifest.json",
  runs: "runs.parquet",
  history: "history.parquet",
  runsText: "runs.csv",
  historyText: "history.csv",
  /** Of a search: what was found, and every probe. */
  searches: "searches.parquet",
  probes: "probes.parquet",
  searchesText: "searches.csv",
  probesText: "probes.csv",
  arrays: "arrays",
  figures: "figures",
  report: "index.html",
  /** Records while training goes on; kept when it did not finish. */
  spool: "records.spool",
  /** What --resume goes on from; kept with the spool. */
  checkpoint: "checkpoint",
  /** Held by the command that writes here. */
  lock: "running.lock",
} as const;

/**
 * Where an experiment's results go without --out: results/<name>.
 *
 * @throws DocumentError when the name cannot be a folder's
 */
export function defaultFolder(name: string): string {
  const usable = /^[\p{L}\p{N}_][\p{L}\p{N} ._+=,@-]*$/u.test(name) && !/[ .]$/.test(name) && name.length <= 100;
  if (!usable)
    throw new DocumentError("name", `is ${JSON.stringify(name)}, which cannot name a folder; give one with --out`);
  return `results/${name}`;
}

/**
 * Refuses a folder that holds anything. An empty or a missing one is fine.
 *
 * @throws DocumentError that says what to do
 */
export function refuseUsedFolder(directory: string): void {
  let entries: string[];
  try {
    entries = readdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code === "ENOTDIR") throw new DocumentError(directory, "is not a folder; give another with --out");
    throw error;
  }
  // What a command leaves that is killed before it has begun is nobody's.
  const kept = entries.filter((name) => name !== folderFiles.lock && name !== `${folderFiles.manifest}.part`);
  if (kept.length === 0) return;
  const isOurs = entries.includes(folderFiles.manifest);
  throw new DocumentError(
    directory,
    isOurs
      ? "holds results; give another folder with --out, or go on with --resume where they are not finished"
      : "is not empty; give another folder with --out, or remove it",
  );
}

/** Makes the folder where it is missing and returns its absolute path. */
export function makeFolder(directory: string): string {
  mkdirSync(directory, { recursive: true });
  return resolve(directory);
}

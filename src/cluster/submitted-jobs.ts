/** Which jobs of a scheduler train a folder's shards: a line each. */

import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderFiles } from "../results/folder.ts";

const pathIn = (folder: string): string => join(folder, folderFiles.shards, "jobs");

export const rememberJob = (folder: string, job: string): void => appendFileSync(pathIn(folder), `${job}\n`);

/** Oldest first. */
export function rememberedJobs(folder: string): string[] {
  try {
    return readFileSync(pathIn(folder), "utf8").match(/^\d+$/gm) ?? [];
  } catch {
    return [];
  }
}

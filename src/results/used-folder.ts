import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DocumentError } from "../document/error.ts";
import { folderFiles, unusable } from "./folder.ts";
import { parseManifest } from "./manifest.ts";
import { Replacement } from "./replacement.ts";
import { Spool } from "./spool.ts";

/**
 * Refuses a folder that holds anything. An empty or a missing one is fine, and one in which an experiment never began.
 *
 * @throws DocumentError that says what to do
 */
export function refuseUsedFolder(directory: string): void {
  if (directory === "") throw new DocumentError("--out", "names no folder");
  const entries = entriesOf(directory);
  if (entries.length === 0 || hasNotBegun(directory)) return;
  const isOurs = entries.includes(folderFiles.manifest);
  throw new DocumentError(
    directory,
    isOurs
      ? "holds results; give another folder with --out, or go on with --resume where they are not finished"
      : "is not empty; give another folder with --out, or remove it",
  );
}

/** Whether a folder holds an experiment's announcement alone: its command was killed before a record was on the disk. */
export function hasNotBegun(directory: string): boolean {
  const announcement: string[] = [folderFiles.manifest, folderFiles.spool];
  if (!entriesOf(directory).every((name) => announcement.includes(name))) return false;
  try {
    const { status } = parseManifest(readFileSync(join(directory, folderFiles.manifest)));
    return status === "running" && Spool.isEmpty(join(directory, folderFiles.spool));
  } catch {
    return false;
  }
}

/** What a folder holds, but for what a command leaves that is killed before it has announced anything. */
function entriesOf(directory: string): string[] {
  const left: string[] = [folderFiles.lock, Replacement.partOf(folderFiles.manifest)];
  try {
    return readdirSync(directory).filter((name) => !left.includes(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") throw new DocumentError(directory, "is not a folder; give another with --out");
    throw unusable(directory, error);
  }
}

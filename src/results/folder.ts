import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DocumentError } from "../document/error.ts";

export { folderFiles } from "./folder-files.ts";

/**
 * Where an experiment's results go without --out: results/<name>.
 *
 * @throws DocumentError when the name cannot be a folder's
 */
export function defaultFolder(name: string): string {
  const usable =
    /^[\p{L}\p{N}_][\p{L}\p{N} ._+=,@-]*$/u.test(name) && !/[ .]$/.test(name) && name.length <= 100;
  if (!usable)
    throw new DocumentError(
      "name",
      `is ${JSON.stringify(name)}, which cannot name a folder; give one with --out`,
    );
  return `results/${name}`;
}

/**
 * Makes the folder, and those that it lies in, where they are missing. (Node's own `recursive` may never return.)
 *
 * @returns those that were missing, the outermost first
 * @throws DocumentError where it cannot be
 */
export function makeFolder(directory: string): string[] {
  const missing: string[] = [];
  for (let path = resolve(directory); !existsSync(path); path = dirname(path)) missing.unshift(path);
  try {
    for (const path of missing) makeOne(path);
    if (!statSync(directory).isDirectory())
      throw new DocumentError(directory, "is not a folder; give another with --out");
  } catch (error) {
    throw error instanceof DocumentError ? error : unusable(directory, error);
  }
  return missing;
}

/** Another command may have made it meanwhile. */
function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(path).isDirectory()) throw error;
  }
}

const reasons: Record<string, string> = {
  ENOENT: "the folder or link that it lies in leads nowhere",
  ENOTDIR: "a part of the path is not a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
};

/** A folder that the system does not let a command write to. */
export function unusable(directory: string, error: unknown): DocumentError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""] ?? message;
  return new DocumentError(directory, `cannot be used: ${reason}; give another folder with --out`);
}

import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The user's folder for what can be made again; undefined where there is none. Nothing may fail for want of it. */
export function userCacheFolder(): string | undefined {
  const named = process.env.XDG_CACHE_HOME;
  // The XDG specification has relative paths ignored.
  if (named && isAbsolute(named)) return named;
  const home = homeFolder();
  return home && join(home, ".cache");
}

/** The user's own folder, which need not be there, nor be one that the user may enter; undefined where nobody knows it. */
export function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    // A user without a name, as containers have them.
    return undefined;
  }
}

/** Makes the folder where it is missing. */
export function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

// What is built from this clone is kept under a name that its sources decide, so that it is never stale.
import { createHash, randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

/** A clone's cache; who may not write to it has another, or none. */
export const cacheOf = (root) => join(root, "node_modules", ".cache", "alphasweep");

/** Whether a build is there, of which this file can be read: it is marked as used. */
export function isKept(folder, file) {
  try {
    accessSync(join(folder, file), constants.R_OK);
  } catch {
    return false;
  }
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // Another user's: that one's commands look after it.
  }
  return true;
}

/**
 * Builds into a folder, which appears whole, unless its sources have changed meanwhile. Two commands may build the same at once.
 *
 * @param file what a build has when it is there
 * @param isCurrent whether the folder's name is still what the sources decide
 * @param build builds into the folder that it is given
 */
export async function keepBuild(folder, file, { isCurrent, build }) {
  const part = join(dirname(folder), `building-${randomUUID()}`);
  try {
    await build(part);
    if (isCurrent()) renameSync(part, folder);
  } catch (error) {
    // Another command was quicker.
    if (!isKept(folder, file)) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

const sources = ["src", "viewer", "bench", "shaders", "experiments", "vite.config.ts", "package-lock.json"];

/**
 * @param root the clone
 * @param built what is built; each has hashes of its own
 * @param elsewhere paths from the clone on that none of it is made of
 */
export function sourceHash(root, built, elsewhere = []) {
  const hash = createHash("sha256").update(built);
  const left = new Set(elsewhere.map((path) => join(root, path)));
  for (const file of sources.flatMap((source) => filesUnder(join(root, source), left))) {
    hash.update(`\0${relative(root, file)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 24);
}

function filesUnder(path, left) {
  if (left.has(path)) return [];
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name), left));
}

// What is built from this clone is kept under a name that its sources decide, so that it is never stale.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

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

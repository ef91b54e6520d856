import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that package.json lies in: of the clone, or of the installed package. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/**
 * For vite's `resolve`. Where the folder's own name is one that vite cannot read, bin/sources.js runs what lies in it
 * behind a link: no file may be called by its real name then.
 */
export const preserveSymlinks = realpathSync(packageRoot) !== packageRoot;

/** True in a clone, where the pages and the command are built from src; false in the npm package, which brings dist. */
export const isClone = existsSync(join(packageRoot, "src", "cli", "main.ts"));

/** This package's version. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("alphasweep's package.json is missing");
  return findRoot(parent);
}

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that package.json lies in: of the clone, or of the installed package. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

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

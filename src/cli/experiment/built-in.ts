import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../process/package-root.ts";

/** By its own name, which messages tell. */
const folder = realpathSync(join(packageRoot, "experiments"));

/** Names of the built-in experiments. */
export const builtInNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();

/** The document of a built-in experiment, undefined where there is none of the name. */
export function builtInPath(name: string): string | undefined {
  const path = join(folder, `${name}.json`);
  return /^[\w-]+$/.test(name) && existsSync(path) ? path : undefined;
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderFiles } from "../results/folder-files.ts";
import { parseManifest } from "../results/manifest.ts";
import { packageRoot } from "./package-root.ts";

/** How long a built-in experiment took to train where its results come with the package; undefined where they do not. */
export function recordedSeconds(name: string): number | undefined {
  const path = join(packageRoot, "experiments", "results", name, folderFiles.manifest);
  return existsSync(path) ? parseManifest(readFileSync(path)).seconds : undefined;
}

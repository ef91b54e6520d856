import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { changedTraining } from "../../../viewer/figures/changed-training.ts";
import type { Experiment } from "../../document/types.ts";
import { folderFiles } from "../../results/folder-files.ts";
import { parseManifest } from "../../results/manifest.ts";
import { packageRoot } from "../process/package-root.ts";

/**
 * How long a built-in experiment took to train where its results come with the package; undefined where they do not, or are of
 * a shortened training.
 */
export function recordedSeconds(name: string, whole: Experiment): number | undefined {
  const path = join(packageRoot, "experiments", "results", name, folderFiles.manifest);
  if (!existsSync(path)) return undefined;
  const { document, seconds } = parseManifest(readFileSync(path));
  return changedTraining(document, whole.runs.length, whole) === "" ? seconds : undefined;
}

/** Shards merged, drawn and told of, as a run is. */

import { existsSync } from "node:fs";
import { isMerged, mergeShards, refuseWhole, removeShards } from "../../cluster/merge.ts";
import { checkShards, findShards } from "../../cluster/shards.ts";
import { distrust } from "../../guard/guard.ts";
import { FolderLock } from "../../results/lock.ts";
import { UsageError } from "../process/failure.ts";
import { countText, durationText } from "../process/number-text.ts";
import { ProgressLine } from "../process/progress-line.ts";
import { draw, resultsText } from "../training/run-experiment.ts";
import { shardCommandText } from "../training/shard.ts";
import { writtenText } from "../process/written-files.ts";

export interface MergeOptions {
  clean: boolean;
  csv: boolean;
  quiet: boolean;
}

/**
 * @throws DocumentError where a shard is missing, unfinished, damaged or of another sweep; Error where the folder cannot be
 *   written, or its figures
 */
export async function merge(folder: string, { clean, csv, quiet }: MergeOptions): Promise<void> {
  const say = quiet ? () => {} : (line: string) => console.error(line);
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  const lock = FolderLock.take(folder);
  const line = new ProgressLine();
  try {
    if (isMerged(folder)) {
      // Drawing may have been cut off.
      say(`${folder} is merged already; drawing its figures again`);
      const problem = await draw(folder, say);
      if (problem) throw problem;
      if (clean) removeShards(folder);
      return;
    }
    refuseWhole(folder);
    const shards = findShards(folder);
    checkShards(folder, shards, shardCommandText);
    const { experiment, runs, manifest } = mergeShards(folder, shards, {
      csv,
      ...(!quiet && { writing: (share) => line.show(`writing tables, ${Math.floor(100 * share)} %`) }),
    });
    if (!quiet) line.show("drawing figures");
    const problem = await draw(folder, (text) => {
      line.clear();
      say(text);
    });
    line.clear();
    if (clean && !problem) removeShards(folder);
    if (!quiet) {
      console.log(resultsText(experiment, runs));
      console.log(
        `\n${countText(shards.length)} shards merged, trained in ${durationText(manifest.seconds)} together; ${writtenText(folder)}`,
      );
    }
    const wrong = problem ?? distrust(manifest.guard);
    if (wrong) throw wrong;
  } finally {
    line.clear();
    lock.release();
  }
}

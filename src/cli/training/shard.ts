/** One shard of an experiment, as the command trains it. */

import { partsByCost } from "../../cluster/cut.ts";
import { isMerged, refuseWhole } from "../../cluster/merge.ts";
import { type Place, refuseOtherCount, shardFolder } from "../../cluster/shards.ts";
import { partOf, pieces } from "../../experiment/part.ts";
import type { Shard } from "../../results/types.ts";
import { commandText } from "../options/command-text.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import { UsageError } from "../process/failure.ts";
import { checksums, findBegun } from "./unfinished.ts";

export interface OpenedShard {
  /** The part of the experiment. */
  opened: OpenedExperiment;
  shard: Shard;
  /** Where it is trained. */
  folder: string;
  /** Whether it has been merged with the others. */
  isMerged: boolean;
}

/**
 * @param folder of the whole
 * @param command words that train a shard, without `--shard`
 * @throws UsageError where there are more shards than runs; DocumentError where the folder holds others
 */
export async function openShard(
  whole: OpenedExperiment,
  place: Place,
  folder: string,
  command: string[],
): Promise<OpenedShard> {
  const { experiment, files } = whole;
  refuseTooMany(whole, place.count);
  refuseOtherCount(folder, place);
  const isMerged = isMergedWith(folder, whole);
  const part = (await partsByCost(experiment, files, place.count))[place.index - 1];
  return {
    opened: { ...whole, experiment: partOf(experiment, part), part },
    shard: { ...place, ...part, inputs: checksums(files), command },
    folder: shardFolder(folder, place),
    isMerged,
  };
}

/** @throws DocumentError where the folder holds another experiment, or one that is not cut */
export function isMergedWith(folder: string, whole: OpenedExperiment): boolean {
  if (!isMerged(folder)) {
    refuseWhole(folder);
    return false;
  }
  findBegun(folder, whole);
  return true;
}

/** @throws UsageError */
export function refuseTooMany({ experiment }: OpenedExperiment, count: number): void {
  const most = pieces(experiment);
  if (count > most)
    throw new UsageError(
      `${count} shards are more than the ${most} ${experiment.search ? "points of the search" : "runs of the sweep"}; give ${most} at most`,
    );
}

/** The command that trains a shard, or goes on with it. */
export const shardCommandText = (command: readonly string[], { index, count }: Place): string =>
  commandText([...command, "--shard", `${index}/${count}`, "--resume"]);

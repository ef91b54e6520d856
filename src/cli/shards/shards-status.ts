/** What `status` tells. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isMerged } from "../../cluster/merge.ts";
import { findShards, listText } from "../../cluster/shards.ts";
import { queuedTasks, type QueuedTasks, type ShardState, standingOf } from "../../cluster/standing.ts";
import { rememberedJobs } from "../../cluster/submitted-jobs.ts";
import { folderFiles } from "../../results/folder.ts";
import { commandText } from "../options/command-text.ts";
import { UsageError } from "../process/failure.ts";
import { countText, durationText, rateText } from "../process/number-text.ts";

const order: ShardState[] = ["done", "running", "waiting", "stopped", "failed"];

/** @throws UsageError where the folder holds no shards */
export function tellStatus(folder: string): void {
  if (isMerged(folder)) return console.log(`${folder} is merged`);
  const shards = findShards(folder);
  if (shards.length === 0) throw new UsageError(`${folder} holds no shards that have begun`);
  const { states, runs, runsDone, rate, left } = standingOf(shards, askSlurm(folder));
  const counts = order.flatMap((state) => {
    const indices = states.get(state);
    return indices ? `${countText(indices.length)} ${state}` : [];
  });
  console.log(`${folder}: ${countText(shards.length)} shards, ${counts.join(", ")}`);
  if (states.get("done")?.length === shards.length) {
    console.log(
      `all ${countText(runs)} runs are done; to put them together: ${commandText(["merge", folder])}`,
    );
    return;
  }
  const rest = Number.isFinite(left) ? `, ${durationText(left)} left` : "";
  console.log(
    `${countText(runsDone)} of the ${countText(runs)} runs that have begun are done, ${rateText(rate)} run-steps/s together${rest}`,
  );
  for (const state of ["stopped", "failed"] as const) {
    const indices = states.get(state);
    if (indices)
      console.log(`${state}: ${listText(indices)}; see ${join(folder, folderFiles.shards, "*.log")}`);
  }
}

/** @returns undefined where no job of Slurm's is known, or nobody answers */
function askSlurm(folder: string): QueuedTasks | undefined {
  const jobs = rememberedJobs(folder);
  if (jobs.length === 0) return undefined;
  // Jobs that are long over are unknown to squeue, which then says nothing of the others: all of the user's are asked for.
  const { status, stdout } = spawnSync("squeue", ["--me", "--array", "--noheader", "--format=%i %T"], {
    encoding: "utf8",
  });
  if (status !== 0) return undefined;
  const own = stdout.split("\n").filter((line) => jobs.includes(/^\s*(\d+)_/.exec(line)?.[1] ?? ""));
  return queuedTasks(own.join("\n"));
}

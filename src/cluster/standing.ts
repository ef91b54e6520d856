/** How far the shards of a sweep are. */

import { isHeld } from "../results/lock.ts";
import type { FoundShard } from "./shards.ts";

export type ShardState = "done" | "running" | "waiting" | "stopped" | "failed";

/** What a scheduler says of its tasks that are queued or run, by shard. */
export type QueuedTasks = ReadonlyMap<number, "running" | "waiting">;

export interface Standing {
  states: ReadonlyMap<ShardState, number[]>;
  runs: number;
  runsDone: number;
  /** Run-steps per second of all that run, together. */
  rate: number;
  /** Seconds until the last one is done, at the rate of now; NaN where none runs, or nobody knows. */
  left: number;
}

/**
 * Adds up what manifests and locks say.
 *
 * @param queued undefined where no scheduler can be asked: then a lock says whether a shard runs
 */
export function standingOf(shards: readonly FoundShard[], queued: QueuedTasks | undefined): Standing {
  const states = new Map<ShardState, number[]>();
  const sum = { runs: 0, runsDone: 0, rate: 0, left: 0, speed: 0 };
  for (const shard of shards) {
    const state = stateOf(shard, queued);
    states.set(state, [...(states.get(state) ?? []), shard.index]);
    const progress = shard.manifest?.shard.progress;
    const isDone = state === "done";
    // Shards are cut to cost the same, so that what is done of each counts the same.
    let share = isDone ? 1 : 0;
    if (progress && !isDone) {
      share = progress.runStepsTotal ? progress.runSteps / progress.runStepsTotal : NaN;
      if (state === "running" && progress.seconds > 0) {
        sum.rate += progress.runSteps / progress.seconds;
        sum.speed += share / progress.seconds;
      }
    }
    sum.left += 1 - share;
    const { first = 0, end = 0 } = shard.manifest?.shard ?? {};
    sum.runs += progress?.runs ?? end - first;
    sum.runsDone += isDone ? (progress?.runs ?? end - first) : (progress?.runsDone ?? 0);
  }
  const { runs, runsDone, rate, left, speed } = sum;
  return { states, runs, runsDone, rate, left: left === 0 ? 0 : left / (speed || NaN) };
}

function stateOf({ index, path, manifest }: FoundShard, queued: QueuedTasks | undefined): ShardState {
  if (manifest?.status === "finished") return "done";
  const task = queued ? queued.get(index) : isHeld(path) ? "running" : undefined;
  if (task) return task;
  if (!manifest) return "waiting";
  return manifest.status === "failed" ? "failed" : "stopped";
}

/**
 * Reads what `squeue --array --noheader --format="%i %T"` prints.
 *
 * @returns by number of the task
 */
export function queuedTasks(text: string): QueuedTasks {
  const tasks = new Map<number, "running" | "waiting">();
  for (const [, task, state] of text.matchAll(/^\s*\d+_(\d+)\s+(\w+)/gm)) {
    const isRunning = /^(RUNNING|COMPLETING|CONFIGURING|SUSPENDED|STOPPED)$/.test(state);
    // Of an earlier job: its task may be ending while that of a later one waits.
    if (tasks.get(Number(task)) !== "running") tasks.set(Number(task), isRunning ? "running" : "waiting");
  }
  return tasks;
}

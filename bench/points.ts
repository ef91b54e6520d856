/** What `alphasweep bench` measures: workloads, and how many runs of each. */

import type { BenchOptions } from "../src/cli/commands/bench.ts";
import { UsageError } from "../src/cli/process/failure.ts";
import { nearest } from "../src/document/nearest.ts";
import type { Workload } from "./workloads/problem.ts";
import { workloads } from "./workloads/registry.ts";

export interface Point {
  workload: string;
  runs: number;
}

/** Most runs that stand for a workload: they fill an adapter of some cores, and train in seconds there. */
const USUAL_RUNS = 64;

const usualRunsOf = ({ runs, usualRuns = USUAL_RUNS }: Workload): number =>
  Math.max(...runs.filter((count) => count <= usualRuns));

/**
 * Every workload once; all numbers of runs of those that are named, as who names one wants to know how it grows.
 *
 * @throws UsageError for a workload that there is not
 */
export function pointsOf({ workload: names, runs: asked, all }: BenchOptions): Point[] {
  const isWhole = all || names.length > 0;
  const chosen = names.length > 0 ? [...new Set(names)].map(workloadNamed) : workloads;
  return chosen.flatMap((workload) =>
    (asked ?? (isWhole ? workload.runs : [usualRunsOf(workload)])).map((runs) => ({
      workload: workload.id,
      runs,
    })),
  );
}

function workloadNamed(id: string): Workload {
  const workload = workloads.find((candidate) => candidate.id === id);
  if (workload) return workload;
  const ids = workloads.map((candidate) => candidate.id);
  const guess = nearest(id, ids);
  throw new UsageError(
    `--workload ${JSON.stringify(id)} is not one; ${guess ? `did you mean "${guess}"?` : `there are ${ids.join(", ")}`}`,
  );
}

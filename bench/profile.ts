/** What a training step is made of: its dispatches, each timed by itself. */

import { behaviourOf } from "../src/models/registry.ts";
import { readExperiment } from "../src/experiment/experiment.ts";
import type { Device } from "../src/gpu/device.ts";
import { Clock } from "../src/plan/clock.ts";
import { type Dispatch, encode } from "../src/plan/planner.ts";
import { planCohort } from "../src/scheduler/cohort-plan.ts";
import { loadRuns } from "../src/scheduler/load.ts";
import { paceOf } from "../src/tuner/pace.ts";
import { Stopwatch } from "../src/tuner/stopwatch.ts";
import { median } from "../src/tuner/contest.ts";
import { variantName } from "../src/wgsl/choice.ts";
import { endlessSweep } from "./engines/alphasweep.ts";
import { workloadOf } from "./workloads/registry.ts";

/** One dispatch of a step of all runs. */
export interface ProfileRow {
  /** The shader, its entry point, and the constants that decide how the work is cut. */
  variant: string;
  workgroups: number;
  /** Microseconds; the median of a few turns. */
  us: number;
  gflops: number;
}

/** Milliseconds of a dispatch that are timed together, and how often. */
const TIMED = 30;
const ROUNDS = 5;
const MOST_REPEATS = 1000;
/** Updates of one dispatch that makes many: what training gives it on an adapter of any speed is more. */
const UPDATES = 16;

/**
 * The dispatches of one step of a workload, in their order, with its standard kernels; of a workload of kernels, those
 * that make them. They are timed on the numbers that a short training leaves.
 */
export async function profile(workload: string, runs: number, device: Device): Promise<ProfileRow[]> {
  const { document, kind } = workloadOf(workload).problem(runs);
  const members = await loadRuns(readExperiment(document, "bench").runs, new Map());
  const { model, record } = members[0].run;
  const plan = await planCohort(device, await behaviourOf(model), members, record, {
    sweepSize: endlessSweep(runs),
  });
  const watch = new Stopwatch(device);
  try {
    const { fusedSteps, forward, backward } = plan.model;
    const makesKernels = kind === "relu-kernels" || kind === "conv-kernels";
    if (!makesKernels) await paceOf(plan);
    const dispatches = makesKernels ? plan.prepare : fusedSteps ? [fusedSteps] : [...forward, ...backward];
    const clock = new Clock(device.gpu, plan.planner.clock);
    const updates = fusedSteps ? UPDATES : 0;
    const size = plan.context.capacity;
    const slot = clock.add({ index: 0, start: 0, size, order: updates, scale: 1 / size });
    clock.flush();
    const timed = async (dispatch: Dispatch): Promise<number> => {
      const repeat = async (count: number) =>
        (await watch.time((pass) => {
          for (let k = 0; k < count; k++) encode(pass, dispatch, slot);
        })) / count;
      // The first finds caches cold.
      await repeat(1);
      const count = Math.max(1, Math.min(MOST_REPEATS, Math.floor(TIMED / (await repeat(1)))));
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await repeat(count));
      return (1000 * median(times)) / Math.max(1, updates);
    };
    const rows: ProfileRow[] = [];
    for (const dispatch of dispatches) {
      const us = await timed(dispatch);
      const { variant, grid } = dispatch;
      rows.push({
        variant: variantName(variant),
        workgroups: grid[0] * grid[1] * grid[2],
        us,
        gflops: dispatch.flops(dispatch.shape()) / (1000 * us),
      });
    }
    return rows;
  } finally {
    watch.release();
    plan.planner.release();
  }
}

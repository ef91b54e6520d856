import { type Checkpoints, Snapshots } from "./checkpoint.ts";
import { arrayKinds } from "../quantities/arrays.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import { ReadbackRing } from "./readback.ts";

/** The buffers through which a plan's records, checkpoints and ends come back. */
export interface Staging {
  ring: ReadbackRing;
  snapshots: Snapshots | undefined;
  /** Where predictors or weights are asked for: room for the runs' states. */
  ends: GPUBuffer | undefined;
  release(): void;
}

/**
 * Makes room for what comes back from the GPU, before anything does.
 *
 * @param bytes of each of `count` buffers for records
 * @throws OutOfMemoryError
 */
export async function makeStaging(
  plan: CohortPlan,
  checkpoints: Checkpoints | undefined,
  bytes: number,
  count?: number,
): Promise<Staging> {
  const { device } = plan.planner;
  const { state } = plan.model;
  const { arrays } = plan.record;
  let made: Staging | undefined;
  try {
    await device.checked("making room for records", () => {
      const ring = new ReadbackRing(device, bytes, count);
      const snapshots = checkpoints && new Snapshots(plan, checkpoints);
      const ends = arrays.some((name) => arrayKinds[name].when === "end")
        ? device.buffer("state", state.size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
        : undefined;
      const release = () => {
        ring.release();
        snapshots?.release();
        if (ends) device.release(ends);
      };
      made = { ring, snapshots, ends, release };
    });
    return made!;
  } catch (error) {
    made?.release();
    throw error;
  }
}

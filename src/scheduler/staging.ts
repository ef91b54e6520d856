import { type Checkpoints, Snapshots } from "./checkpoint.ts";
import type { CohortPlan } from "./cohort_plan.ts";
import { ReadbackRing } from "./readback.ts";

/** The buffers through which a plan's records and checkpoints come back. */
export interface Staging {
  ring: ReadbackRing;
  snapshots: Snapshots | undefined;
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
  let made: Staging | undefined;
  try {
    await device.checked("making room for records", () => {
      const ring = new ReadbackRing(device, bytes, count);
      const snapshots = checkpoints && new Snapshots(plan, checkpoints);
      const release = () => {
        ring.release();
        snapshots?.release();
      };
      made = { ring, snapshots, release };
    });
    return made!;
  } catch (error) {
    made?.release();
    throw error;
  }
}

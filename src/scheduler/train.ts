import type { Checkpoints, TrainingState } from "./checkpoint.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import { descend } from "./descent.ts";
import type { DescentPlan } from "./descent-plan.ts";
import type { FlowPlan } from "./flow-plan.ts";
import type { Sink } from "./sink.ts";

export interface TrainOptions {
  sink: Sink;
  signal?: AbortSignal | undefined;
  /** Milliseconds of work in a submit. */
  budget?: number | undefined;
  /** Milliseconds that a submit may take where its dispatches would have few updates otherwise. */
  longest?: number | undefined;
  /** Goes on from here; what was recorded before is not handed to the sink again. */
  from?: TrainingState | undefined;
  checkpoints?: Checkpoints | undefined;
  /** Called when work has come back: run-steps done since the last call, and runs that have ended since. */
  advanced?(runSteps: number, ended: number): void;
}

/**
 * Trains a compiled cohort to its end.
 *
 * @throws the signal's reason when aborted, after what was recorded has been handed to the sink
 */
export async function train(plan: CohortPlan, options: TrainOptions): Promise<void> {
  if (plan.method.method === "gradient-descent") return descend(plan as CohortPlan<DescentPlan>, options);
  const { follow } = await import("./flow.ts");
  return follow(plan as CohortPlan<FlowPlan>, options);
}

import type { RunStatus } from "../scheduler/sink.ts";

/** Statuses by their code in frames and in the spool; append only. */
export const runStatuses: readonly RunStatus[] = ["converged", "finished", "diverged"];

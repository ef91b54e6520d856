import type { AdapterReport } from "../gpu/adapter.ts";
import type { Kernels } from "../plan/planner.ts";

/** What trained a sweep. */
export interface EngineReport {
  adapter: AdapterReport;
  /** Wall seconds of training and recording. */
  seconds: number;
  /** The kernel variants that ran, by shader and entry point. */
  kernels: Kernels;
}

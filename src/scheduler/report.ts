import type { AdapterReport } from "../gpu/adapter.ts";
import type { Kernels } from "../plan/planner.ts";
import type { NuclearMinimum } from "../quantities/nuclear-minima.ts";

/** What trained a sweep. */
export interface EngineReport {
  adapter: AdapterReport;
  /** Wall seconds of training and recording. */
  seconds: number;
  /** The kernel variants that ran, by shader and entry point. */
  kernels: Kernels;
  /** What `excess_nuclear` compares with, an entry a dataset, and how certain that is. */
  minimumNuclear?: NuclearMinimum[];
}

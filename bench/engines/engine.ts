import type { Device } from "../../src/gpu/device.ts";
import type { Problem } from "../workloads/problem.ts";

/** What one training of all runs took and led to. */
export interface Training {
  /** Microseconds that a step of all runs took; NaN where the training was too short to tell. */
  microsecondsPerStep: number;
  /** What each run has come to after the last step, [runs, length]. */
  results: Float32Array | Float64Array;
}

/** An engine that has made itself ready for a problem. */
export interface Trainer {
  /** The fewest steps whose time means anything. */
  fewestSteps: number;
  /** Seconds that a training should last for its time to mean something. */
  seconds: number;
  /** Trains all runs from their start: every call does the same work. */
  train(steps: number): Promise<Training>;
  release(): void;
}

/** A way to do a workload's work: this package's, plain JavaScript, or another library's. */
export interface Engine {
  id: string;
  /**
   * @param tuning choose kernels by measuring, where the engine can
   * @returns undefined where the engine cannot do this work
   */
  prepare(problem: Problem, device: Device, tuning: boolean): Promise<Trainer | undefined>;
}

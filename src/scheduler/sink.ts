/** What the scheduler hands over while it trains. */

import type { ArrayName, Run } from "../document/types.ts";
import type { Checkpoint } from "./checkpoint.ts";

export type RunStatus = "converged" | "finished" | "diverged";

/** Arrays that the document asks for, by name: one of each row, `shape` without the rows. */
export type BlockArrays = Partial<Record<ArrayName, { shape: readonly number[]; data: Float32Array }>>;

/** One record of several runs; row k of every column belongs to run `runs[k]`. */
export interface RecordBlock {
  /** Index of each run in the experiment. */
  runs: Uint32Array;
  /** Place of this record among the runs' records, counted from 0 (second index of the arrays). */
  record: number;
  epoch: Float64Array;
  /** Sum of the step sizes of all updates so far. */
  time: Float64Array;
  /** A column a recorded quantity; NaN where it has no value. */
  quantities: Record<string, Float64Array>;
  arrays?: BlockArrays;
}

/** The end of several runs. */
export interface EndBlock {
  runs: Uint32Array;
  status: RunStatus[];
  epochs: Float64Array;
  time: Float64Array;
  arrays?: BlockArrays;
}

/** Progress of the whole experiment, given a few times a second. */
export interface Progress {
  runs: number;
  runsDone: number;
  /** Run-steps (one update of one run) done and in all; NaN where a flow chooses how many. */
  runSteps: number;
  runStepsTotal: number;
  /** Wall seconds since training began. */
  seconds: number;
}

/** A run that a search has decided on. */
export type AddedRun = Pick<Run, "index" | "swept">;

/** Takes results as they come: a folder on disk, columns in memory, or a live figure. */
export interface Sink {
  /** Runs that the experiment did not name: what a search trains next. Their numbers follow those before. */
  begin?(runs: readonly AddedRun[]): void | Promise<void>;
  record(block: RecordBlock): void | Promise<void>;
  end(block: EndBlock): void | Promise<void>;
  progress?(progress: Progress): void;
  /**
   * What to go on from if the rest is lost: every record and end before it has been handed over, none after it.
   * It may keep the buffers: nobody writes them again.
   */
  checkpoint?(checkpoint: Checkpoint): void | Promise<void>;
}

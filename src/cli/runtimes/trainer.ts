import type { Files } from "../../data/kind.ts";
import type { Experiment, Part } from "../../document/types.ts";
import type { EngineReport } from "../../engine.ts";
import type { AdapterReport } from "../../gpu/adapter.ts";
import type { Settled } from "../../wgsl/choice.ts";
import type { Checkpoint } from "../../scheduler/checkpoint.ts";
import type { SweepSize } from "../../plan/cohort.ts";
import type { Sink } from "../../scheduler/sink.ts";
import type { Tuned } from "../../tuner/tune.ts";
import type { Winners } from "../../tuner/winners.ts";

export interface TrainingRequest {
  /** The document, and how messages call it. */
  text: string;
  name: string;
  /** What is meant, where it was read here: a trainer in this process need not read it again, nor load its runs. */
  experiment?: Experiment | undefined;
  /** The part of the experiment that is meant, where it is not all of it. */
  part?: Part | undefined;
  files: Files;
  checkpoint?: Checkpoint | undefined;
  /** How works are done where not in the standard way. */
  settled?: Settled | undefined;
  /** The sweep whose kernels are taken, where it is not this one. */
  sweepSize?: SweepSize | undefined;
}

/** What measuring kernels has found, and what of it is worth remembering. */
export interface Tuning {
  settled: Settled;
  tuned: Tuned[];
  fresh: Winners;
}

/** What trains for the command: a page of a headless Chrome, or Dawn in this process. */
export interface Trainer {
  readonly adapter: AdapterReport;
  /** Name and version of what runs the engine: `Chrome/148.0`, `Node/22.21.0 with Dawn`. */
  readonly browserVersion: string;
  /** Why it was taken, where nobody asked for it. */
  readonly reason?: string;
  /**
   * Trains an experiment, or goes on with it from a checkpoint. Aborting the signal stops it; what was recorded has been handed to the sink.
   *
   * @throws what the engine or the sink threw; Interrupted when aborted
   */
  train(request: TrainingRequest, sink: Sink, signal: AbortSignal): Promise<EngineReport>;
  /**
   * Measures which kernels are the fastest for an experiment, where that pays.
   *
   * @param known what is remembered of the adapter
   * @throws what the engine threw; Interrupted when aborted
   */
  tune(request: TrainingRequest, known: Winners, signal: AbortSignal): Promise<Tuning>;
  close(): Promise<void>;
}

export type Runtime = "chrome" | "node";
export type RuntimeChoice = Runtime | "auto";

/** What the command and the page that trains for it say to each other. */

import type { Part } from "../document/types.ts";
import type { EngineReport } from "../engine.ts";
import type { AdapterChoice, AdapterReport } from "../gpu/adapter.ts";
import type { Settled } from "../wgsl/choice.ts";
import type { SweepSize } from "../plan/cohort.ts";
import type { Tuned } from "../tuner/tune.ts";
import type { Winners } from "../tuner/winners.ts";

/** What the page is asked to tune, or to train. */
export interface ExperimentRequest {
  /** The experiment document, and how messages call it. */
  text: string;
  name: string;
  /** The part of the experiment that is meant, where it is not all of it. */
  part?: Part;
  /** The document's files, by the path that it names them with, and where the page finds them. */
  files: { path: string; url: string }[];
  adapter: AdapterChoice;
}

export interface TuneRequest extends ExperimentRequest {
  /** What is remembered of the adapter. */
  known: Winners;
  budget?: number;
  least?: number;
}

export interface TrainRequest extends ExperimentRequest {
  /** How works are done where not in the standard way. */
  settled?: Settled;
  /** The sweep whose kernels are taken, where it is not this one. */
  sweepSize?: SweepSize;
  /** Where the page finds the checkpoint, a frame, that it goes on from. */
  checkpoint?: string;
  /** Milliseconds between checkpoints. */
  checkpointInterval?: number;
}

/** An error that crosses from the page to the command. */
export interface Failure {
  name: string;
  message: string;
  /** Of a DocumentError. */
  path?: string;
  problem?: string;
  file?: string;
}

/** How what the page was asked for has ended. */
export type Outcome<Report> =
  { kind: "finished"; report: Report } | { kind: "aborted" } | { kind: "failed"; failure: Failure };

/** What was measured, and what of it is worth remembering. */
export interface TuneReport {
  settled: Settled;
  tuned: Tuned[];
  fresh: Winners;
}

/** What the page offers as `window.alphasweep`. */
export interface Engine {
  /** @returns undefined where WebGPU offers no adapter of the kind */
  probe(adapter: AdapterChoice): Promise<AdapterReport | undefined>;
  tune(request: TuneRequest): Promise<Outcome<TuneReport>>;
  train(request: TrainRequest): Promise<Outcome<EngineReport>>;
  /** Stops training after the work in flight. */
  abort(): void;
}

/** What the command offers to the page: takes a chunk of frames, as base64. */
export const deliverName = "alphasweepDeliver";

declare global {
  interface Window {
    alphasweep: Engine;
    alphasweepDeliver: (base64: string) => Promise<void>;
  }
}

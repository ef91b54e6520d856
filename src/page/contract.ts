/** What the command and the page that trains for it say to each other. */

import type { EngineReport } from "../engine.ts";
import type { AdapterChoice, AdapterReport } from "../gpu/adapter.ts";

/** What the page is asked to train. */
export interface TrainRequest {
  /** The experiment document, and how messages call it. */
  text: string;
  name: string;
  /** The document's files, by the path that it names them with, and where the page finds them. */
  files: { path: string; url: string }[];
  adapter: AdapterChoice;
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

export type TrainOutcome =
  { kind: "finished"; report: EngineReport } | { kind: "aborted" } | { kind: "failed"; failure: Failure };

/** What the page offers as `window.alphasweep`. */
export interface Engine {
  /** @returns undefined where WebGPU offers no adapter of the kind */
  probe(adapter: AdapterChoice): Promise<AdapterReport | undefined>;
  train(request: TrainRequest): Promise<TrainOutcome>;
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

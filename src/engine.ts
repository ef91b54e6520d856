import type { Experiment } from "./document/types.ts";
import type { AdapterChoice, AdapterReport } from "./gpu/adapter.ts";
import type { Sink } from "./scheduler/sink.ts";

/** The user's files, by the path that the document names them with. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface EngineOptions {
  /** Where WebGPU is: `navigator.gpu` in a page, Dawn's `gpu` in Node. */
  gpu: GPU;
  adapter?: AdapterChoice;
  sink: Sink;
  /** Aborting stops training after the submits in flight; what was recorded has been handed to the sink. */
  signal?: AbortSignal;
}

export interface EngineReport {
  adapter: AdapterReport;
  /** Wall seconds of training and recording. */
  seconds: number;
  /** The kernel variants that ran, by kernel name. */
  kernels: Record<string, Record<string, number | boolean>>;
}

/**
 * Loads every run's data and checks what only the data can tell: sizes, targets, initial weights from files.
 * Needs no GPU; the command calls it before a browser is started.
 *
 * @returns warnings, one line each (a step size past the stability limit, ...)
 * @throws DocumentError naming the file or the JSON path
 */
export async function checkExperiment(_experiment: Experiment, _files: Files): Promise<string[]> {
  return [];
}

/**
 * Trains every run of an experiment on the GPU and hands records to the sink as they come.
 *
 * @throws DocumentError for bad data, AdapterError when there is no WebGPU adapter
 */
export async function runExperiment(
  _experiment: Experiment,
  _files: Files,
  _options: EngineOptions,
): Promise<EngineReport> {
  throw new Error("runExperiment: not there yet");
}

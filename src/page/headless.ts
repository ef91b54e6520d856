/** The page that trains for the command, in headless Chrome. */

import { DocumentError } from "../document/error.ts";
import { parseExperiment } from "../experiment/experiment.ts";
import { partOf } from "../experiment/part.ts";
import { type EngineReport, runExperiment, tuneExperiment } from "../engine.ts";
import { AdapterError, reportAdapter, requestAdapter } from "../gpu/adapter.ts";
import { beginFrame, endFrame, progressFrame, recordFrame } from "../results/block-frames.ts";
import { memoryOf } from "../tuner/winners.ts";
import type {
  ExperimentRequest,
  Failure,
  Outcome,
  TrainRequest,
  TuneReport,
  TuneRequest,
} from "./contract.ts";
import { checkpointFrame, readCheckpoint } from "../results/checkpoint-frame.ts";
import { FrameReader } from "../results/frame.ts";
import type { Checkpoint } from "../scheduler/checkpoint.ts";
import { UNWATCHED } from "../scheduler/submit-budget.ts";
import { Outbox } from "./outbox.ts";

let aborting = new AbortController();

window.alphasweep = {
  probe: async (choice) => {
    try {
      return reportAdapter(await requestAdapter(navigator.gpu, choice));
    } catch (error) {
      if (error instanceof AdapterError) return undefined;
      throw error;
    }
  },
  tune,
  train,
  abort: () => aborting.abort(),
};

async function tune(request: TuneRequest): Promise<Outcome<TuneReport>> {
  aborting = new AbortController();
  const { signal } = aborting;
  try {
    const experiment = partOf(parseExperiment(request.text, request.name), request.part);
    const { adapter, budget, least } = request;
    const memory = memoryOf(request.known);
    const options = { gpu: navigator.gpu, adapter, memory, budget, least, signal };
    const found = await tuneExperiment(experiment, await fetchFiles(request), options);
    return { kind: "finished", report: { ...found, fresh: memory.fresh } };
  } catch (error) {
    return signal.aborted ? { kind: "aborted" } : { kind: "failed", failure: failureOf(error) };
  }
}

async function train(request: TrainRequest): Promise<Outcome<EngineReport>> {
  aborting = new AbortController();
  const { signal } = aborting;
  const outbox = new Outbox((base64) => window.alphasweepDeliver(base64));
  try {
    const experiment = partOf(parseExperiment(request.text, request.name), request.part);
    const report = await runExperiment(experiment, await fetchFiles(request), {
      gpu: navigator.gpu,
      adapter: request.adapter,
      longestSubmit: UNWATCHED,
      signal,
      settled: request.settled,
      sweepSize: request.sweepSize,
      checkpoint: await fetchCheckpoint(request),
      checkpointInterval: request.checkpointInterval,
      // The command prints what the page's console says of errors.
      replaced: ({ message }) => console.error(`${message}; training goes on from the last checkpoint`),
      sink: {
        begin: (runs) => outbox.push(beginFrame(runs)),
        record: (block) => outbox.push(recordFrame(block)),
        end: (block) => outbox.push(endFrame(block)),
        // Nobody waits for progress; what fails in sending it fails in sending records too.
        progress: (progress) => void outbox.push(progressFrame(progress)).catch(() => {}),
        checkpoint: async (checkpoint) => {
          await outbox.push(checkpointFrame(checkpoint));
          // In safety once the command has it.
          await outbox.flush();
        },
      },
    });
    await outbox.flush();
    return { kind: "finished", report };
  } catch (error) {
    const delivered = await outbox.flush().then(
      () => true,
      () => false,
    );
    if (signal.aborted && delivered) return { kind: "aborted" };
    return { kind: "failed", failure: failureOf(error) };
  }
}

async function fetchFiles({ files }: ExperimentRequest): Promise<Map<string, Uint8Array>> {
  const fetched = files.map(async ({ path, url }): Promise<[string, Uint8Array]> => [
    path,
    await fetchBytes(url, path),
  ]);
  return new Map(await Promise.all(fetched));
}

async function fetchCheckpoint({ checkpoint }: TrainRequest): Promise<Checkpoint | undefined> {
  if (checkpoint === undefined) return undefined;
  const [frame] = new FrameReader().push(await fetchBytes(checkpoint, "the checkpoint"));
  return readCheckpoint(frame);
}

async function fetchBytes(url: string, name: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the page could not fetch ${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function failureOf(error: unknown): Failure {
  if (error instanceof DocumentError) {
    const { name, message, path, problem, file } = error;
    return { name, message, path, problem, ...(file !== undefined && { file }) };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

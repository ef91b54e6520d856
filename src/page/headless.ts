/** The page that trains for the command, in headless Chrome. */

import { DocumentError } from "../document/error.ts";
import { parseExperiment } from "../document/experiment.ts";
import { runExperiment } from "../engine.ts";
import { AdapterError, reportAdapter, requestAdapter } from "../gpu/adapter.ts";
import { beginFrame, endFrame, progressFrame, recordFrame } from "../results/block-frames.ts";
import type { Failure, TrainOutcome, TrainRequest } from "./contract.ts";
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
  train,
  abort: () => aborting.abort(),
};

async function train(request: TrainRequest): Promise<TrainOutcome> {
  aborting = new AbortController();
  const { signal } = aborting;
  const outbox = new Outbox((base64) => window.alphasweepDeliver(base64));
  try {
    const experiment = parseExperiment(request.text, request.name);
    const report = await runExperiment(experiment, await fetchFiles(request), {
      gpu: navigator.gpu,
      adapter: request.adapter,
      signal,
      sink: {
        begin: (runs) => outbox.push(beginFrame(runs)),
        record: (block) => outbox.push(recordFrame(block)),
        end: (block) => outbox.push(endFrame(block)),
        // Nobody waits for progress; what fails in sending it fails in sending records too.
        progress: (progress) => void outbox.push(progressFrame(progress)).catch(() => {}),
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

async function fetchFiles({ files }: TrainRequest): Promise<Map<string, Uint8Array>> {
  const fetched = files.map(async ({ path, url }): Promise<[string, Uint8Array]> => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the page could not fetch ${path}: ${response.status}`);
    return [path, new Uint8Array(await response.arrayBuffer())];
  });
  return new Map(await Promise.all(fetched));
}

function failureOf(error: unknown): Failure {
  if (error instanceof DocumentError) {
    const { name, message, path, problem, file } = error;
    return { name, message, path, problem, ...(file !== undefined && { file }) };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

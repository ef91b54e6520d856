import { checkExperiment, type EngineOptions, openDevice, runExperiment } from "../engine.ts";
import type { Files } from "../data/kind.ts";
import type { Experiment } from "../document/types.ts";
import type { Progress } from "../scheduler/sink.ts";
import { finishedManifest, startedManifest } from "./memory-manifest.ts";
import { MemorySink, type MemoryOptions } from "./memory-sink.ts";
import type { Results } from "./types.ts";

/** Where training takes place, and what is kept of it. */
export interface InMemoryOptions
  extends MemoryOptions, Pick<EngineOptions, "gpu" | "adapter" | "device" | "signal" | "settled"> {
  /** Bytes of the files that the document names, by the path that it names them with; gzipped or not. */
  files?: Files;
  /** Told a few times a second how far training is. */
  progress?: (progress: Progress) => void;
}

/**
 * Trains every run of an experiment and keeps what it records in memory, as a results folder would hold it.
 *
 * @param options `gpu`: `navigator.gpu` in a page, what `create` of the package webgpu gives in Node
 * @returns tables, arrays and a manifest, which figures draw; where training was aborted, as far as it came
 * @throws DocumentError for bad data; AdapterError where there is no WebGPU adapter
 */
export async function trainInMemory(
  experiment: Experiment,
  { files = new Map(), progress, arrays, mostArrayBytes, ...options }: InMemoryOptions,
): Promise<Results> {
  const warnings = await checkExperiment(experiment, files);
  const device = options.device ?? (await openDevice(options));
  const sink = new MemorySink(experiment, {
    ...(arrays && { arrays }),
    ...(mostArrayBytes !== undefined && { mostArrayBytes }),
  });
  const started = startedManifest(experiment, warnings, device.adapter);
  try {
    const report = await runExperiment(experiment, files, {
      ...options,
      device,
      sink: {
        begin: (runs) => sink.begin(runs),
        record: (block) => sink.record(block),
        end: (block) => sink.end(block),
        progress(state) {
          sink.progress(state);
          progress?.(state);
        },
      },
    });
    return sink.results({
      ...started,
      ...finishedManifest(report),
      warnings: [...warnings, ...sink.notes],
    });
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    return sink.results({ ...started, status: "interrupted", seconds: sink.progressed?.seconds ?? 0 });
  } finally {
    if (device !== options.device) device.destroy();
  }
}

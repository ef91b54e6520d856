/** Training in this page, one experiment at a time, on a device that stays open: its kernels are compiled once. */

import { checkExperiment, type Files, openDevice, runExperiment, tuneExperiment } from "../../src/engine.ts";
import type { Experiment } from "../../src/document/types.ts";
import type { Device } from "../../src/gpu/device.ts";
import { catalogue, type QuantityName } from "../../src/quantities/catalogue.ts";
import { drawnArrays } from "../../src/results/array-frames.ts";
import { finishedManifest, startedManifest } from "../../src/results/memory-manifest.ts";
import { MemorySink } from "../../src/results/memory-sink.ts";
import type { Manifest } from "../../src/results/types.ts";
import type { Sink } from "../../src/scheduler/sink.ts";
import { rememberedKernels } from "./remembered-kernels.ts";

/** A page has to live with other pages: it keeps what it draws. */
const kept = { arrays: ["ntk", ...drawnArrays, "predictor"] } as const;

/** What is trained, or was: its records so far, and what is to be said of them. */
export interface Training {
  readonly experiment: Experiment;
  readonly manifest: Manifest;
  /** Another one once there is more to see. */
  sink: MemorySink;
  /** Whether all that the document asks for is recorded: until the shaders of kernels are there, the rest is. */
  isWhole: boolean;
}

export class Trainer {
  #device: Promise<Device> | undefined;
  #abort: AbortController | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #hasTrained = false;

  /** Opens the device, which takes a while, before there is anything to train. */
  warm(): void {
    void this.#open().catch(() => {});
  }

  /** Ends the training under way, after the work in flight. */
  stop(): void {
    this.#abort?.abort();
  }

  /**
   * Trains an experiment, in place of the one under way.
   *
   * @param begun told once the data are checked, before the first record
   * @returns undefined where another one took its place before it began
   * @throws what runExperiment and checkExperiment throw
   */
  async train(
    experiment: Experiment,
    filesOf: (experiment: Experiment) => Promise<Files>,
    begun: (training: Training) => void,
  ): Promise<Training | undefined> {
    this.stop();
    const abort = (this.#abort = new AbortController());
    const before = this.#ended;
    const work = (async () => {
      await before;
      if (abort.signal.aborted) return undefined;
      const files = await filesOf(experiment);
      const warnings = await checkExperiment(experiment, files);
      if (abort.signal.aborted) return undefined;
      const sink = new MemorySink(experiment, kept);
      const manifest = startedManifest(experiment, warnings);
      const training: Training = { experiment, sink, isWhole: this.#hasTrained, manifest };
      begun(training);
      await this.#run(training, files, abort.signal);
      return training;
    })();
    this.#ended = work.catch(() => {});
    return work;
  }

  async #run(training: Training, files: Files, signal: AbortSignal): Promise<void> {
    const { experiment, sink, manifest } = training;
    const enough = new AbortController();
    const whole = { sink, isWhole: true };
    try {
      const device = await this.#open();
      manifest.adapter = device.adapter;
      const memory = rememberedKernels(device.adapter);
      const { settled } = await tuneExperiment(experiment, files, { gpu: undefined, device, memory, signal });
      memory.keep();
      const options = { gpu: navigator.gpu, device, settled, signal };
      if (!this.#hasTrained) {
        const quick = withoutKernels(experiment);
        const first = (training.sink = new MemorySink(quick, kept));
        const either = AbortSignal.any([signal, enough.signal]);
        // Compiling the rest waits for its first record. What is wrong with it, the whole training tells.
        await new Promise<void>((resolve) => {
          const record: Sink["record"] = (block) => {
            first.record(block);
            resolve();
          };
          const seen: Sink = { record, end: (block) => first.end(block) };
          void runExperiment(quick, files, { ...options, sink: seen, signal: either })
            .catch(() => {})
            .then(() => resolve());
        });
      }
      this.#hasTrained = true;
      const recording: Sink = {
        begin: (runs) => sink.begin(runs),
        record(block) {
          enough.abort();
          Object.assign(training, whole);
          sink.record(block);
        },
        end: (block) => sink.end(block),
        progress: (progress) => sink.progress(progress),
      };
      const report = await runExperiment(experiment, files, { ...options, sink: recording });
      Object.assign(manifest, finishedManifest(report));
    } catch (error) {
      manifest.status = signal.aborted ? "interrupted" : "failed";
      if (!signal.aborted) throw error;
    } finally {
      enough.abort();
      Object.assign(training, whole);
      manifest.seconds = sink.progressed?.seconds ?? manifest.seconds;
    }
  }

  /** The device; another where it is lost. */
  async #open(): Promise<Device> {
    const device = await this.#device?.catch(() => undefined);
    if (device && !device.isBroken) return device;
    this.#device = openDevice({ gpu: navigator.gpu });
    return this.#device;
  }
}

/**
 * The same runs, of which no tangent kernel is recorded: shaders of kernels take the longest to compile, and until they are
 * there for the first time, it shows how the weights move.
 */
const withoutKernels = (experiment: Experiment): Experiment => ({
  ...experiment,
  runs: experiment.runs.map((run) => ({
    ...run,
    record: {
      ...run.record,
      arrays: [],
      quantities: run.record.quantities.filter(
        (name) => !(catalogue[name as QuantityName].needs as readonly string[]).includes("tangentKernel"),
      ),
    },
  })),
});

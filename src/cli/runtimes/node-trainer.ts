import { parseExperiment } from "../../experiment/experiment.ts";
import { partOf } from "../../experiment/part.ts";
import { type EngineReport, runExperiment, tuneExperiment } from "../../engine.ts";
import type { AdapterChoice, AdapterReport } from "../../gpu/adapter.ts";
import type { Device } from "../../gpu/device.ts";
import { UNWATCHED } from "../../scheduler/submit-budget.ts";
import type { Sink } from "../../scheduler/sink.ts";
import { dawnDevice } from "./dawn.ts";
import { Interrupted } from "../process/failure.ts";
import { tuningBudget } from "./tuning.ts";
import { checkpointInterval } from "./checkpoint-interval.ts";
import { memoryOf, type Winners } from "../../tuner/winners.ts";
import type { Trainer, TrainingRequest, Tuning } from "./trainer.ts";

const name = "Node/";

/** Whether a trainer's version is this one's. */
export const isInNode = (browserVersion: string): boolean => browserVersion.startsWith(name);

interface OpeningOptions {
  adapter: AdapterChoice;
  device?: string;
  verbose?: boolean;
}

const experimentOf = ({ experiment, text, name, part }: TrainingRequest) =>
  experiment ?? partOf(parseExperiment(text, name), part);

/** Trains in this process: the same engine, kernels and documents as in Chrome. */
export class NodeTrainer implements Trainer {
  readonly browserVersion = `${name}${process.versions.node} with Dawn`;
  readonly device: Device;
  reason?: string;

  private constructor(device: Device) {
    this.device = device;
  }

  /** @throws AdapterError where Dawn is missing, or has no adapter of the kind asked for */
  static async open({ adapter, device, verbose }: OpeningOptions): Promise<NodeTrainer> {
    return new NodeTrainer(await dawnDevice(adapter, device, verbose));
  }

  get adapter(): AdapterReport {
    return this.device.adapter;
  }

  async train(
    { checkpoint, settled, sweepSize, ...request }: TrainingRequest,
    sink: Sink,
    signal: AbortSignal,
  ): Promise<EngineReport> {
    try {
      return await runExperiment(experimentOf(request), request.files, {
        gpu: undefined,
        device: this.device,
        longestSubmit: UNWATCHED,
        sink,
        signal,
        checkpoint,
        settled,
        sweepSize,
        ...checkpointInterval(),
      });
    } catch (error) {
      throw signal.aborted ? new Interrupted() : error;
    }
  }

  async tune(request: TrainingRequest, known: Winners, signal: AbortSignal): Promise<Tuning> {
    const memory = memoryOf(known);
    try {
      const found = await tuneExperiment(experimentOf(request), request.files, {
        gpu: undefined,
        device: this.device,
        memory,
        signal,
        ...tuningBudget(),
      });
      return { ...found, fresh: memory.fresh };
    } catch (error) {
      throw signal.aborted ? new Interrupted() : error;
    }
  }

  async close(): Promise<void> {
    this.device.destroy();
  }
}

/** Trains an opened experiment into a results folder: what `run` and `reproduce` do. */

import type { AdapterChoice, AdapterReport } from "../gpu/adapter.ts";
import { refuseUsedFolder } from "../results/folder.ts";
import type { Table } from "../results/table.ts";
import type { Manifest } from "../results/types.ts";
import { ResultsWriter } from "../results/writer.ts";
import type { Progress, Sink } from "../scheduler/sink.ts";
import type { Say } from "./browser.ts";
import type { OpenedExperiment } from "./experiment-file.ts";
import { Interrupted } from "./failure.ts";
import { roundText } from "./search-text.ts";
import { packageVersion } from "./package-root.ts";
import { openTrainer, type Runtime } from "./trainer.ts";

export interface TrainingOptions {
  /** The results folder; it must hold nothing. */
  folder: string;
  adapter: AdapterChoice;
  /** Chrome where left out. */
  runtime?: Runtime;
  csv: boolean;
  signal: AbortSignal;
  say: Say;
  progress?: (progress: Progress) => void;
}

export interface Trained {
  runs: Table;
  manifest: Manifest;
  /** Why not every run has ended, where that is so; everything before it is in the folder. */
  error?: unknown;
}

/**
 * Trains, and writes tables, arrays and manifest, also of an experiment that is interrupted or fails on the way.
 *
 * @throws what happens before training begins (then there is no folder), and disk errors
 */
export async function trainInto(opened: OpenedExperiment, options: TrainingOptions): Promise<Trained> {
  const { folder, adapter, runtime = "chrome", csv, signal, say } = options;
  refuseUsedFolder(folder);
  const trainer = await openTrainer(runtime, { adapter, say, signal });
  try {
    say(adapterLine(trainer.adapter, trainer.browserVersion));
    const writer = new ResultsWriter(
      folder,
      opened.experiment,
      {
        adapter: trainer.adapter,
        browser: trainer.browserVersion,
        versions: {
          alphasweep: packageVersion(),
          node: process.versions.node,
          platform: `${process.platform} ${process.arch}`,
        },
        warnings: opened.warnings,
      },
      { csv },
    );
    let seconds = 0;
    const sink: Sink = {
      begin: (runs) => {
        writer.begin(runs);
        say(roundText(opened.experiment.search!.specification, runs));
      },
      record: (block) => writer.record(block),
      end: (block) => writer.end(block),
      progress: (progress) => {
        seconds = progress.seconds;
        options.progress?.(progress);
      },
    };
    try {
      const report = await trainer.train(opened, sink, signal);
      return writer.finish({ status: "finished", seconds: report.seconds, kernels: report.kernels });
    } catch (error) {
      const status = error instanceof Interrupted ? "interrupted" : "failed";
      return { ...conclude(writer, status, seconds, error), error };
    }
  } finally {
    await trainer.close();
  }
}

/** Keeps what there is; where that fails as well, the first error is the one to tell. */
function conclude(
  writer: ResultsWriter,
  status: "interrupted" | "failed",
  seconds: number,
  error: unknown,
): Trained {
  try {
    return writer.finish({ status, seconds, kernels: {} });
  } catch (second) {
    throw error instanceof Interrupted ? second : error;
  }
}

/** Which adapter trains: always told. */
export function adapterLine(adapter: AdapterReport, browserVersion: string): string {
  const name = [adapter.vendor, adapter.architecture, adapter.device, adapter.description]
    .filter(Boolean)
    .join(" ");
  return `${browserVersion}, ${adapter.software ? "software" : "hardware"} adapter: ${name || "unnamed"}`;
}

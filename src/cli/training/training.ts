/** Trains an opened experiment into a results folder: what `run` and `reproduce` do. */

import type { AdapterChoice, AdapterReport } from "../../gpu/adapter.ts";
import { distrust } from "../../guard/guard.ts";
import { FolderLock } from "../../results/lock.ts";
import { readRuns } from "../../results/read.ts";
import type { Table } from "../../document/table.ts";
import type { Manifest, Shard } from "../../results/types.ts";
import { refuseUsedFolder } from "../../results/used-folder.ts";
import { type Conclusion, removeLeftovers, removeResults, ResultsWriter } from "../../results/writer.ts";
import type { Checkpoint } from "../../scheduler/checkpoint.ts";
import { theoryLines } from "../../results/theory-lines.ts";
import { loadRuns } from "../../scheduler/load.ts";
import type { Progress, Sink } from "../../scheduler/sink.ts";
import type { Say } from "../runtimes/browser.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import { BrowserGone, explain, Interrupted } from "../process/failure.ts";
import { dataDigest } from "./data-digest.ts";
import { type Course, Duration } from "./duration.ts";
import { fit } from "./fitting.ts";
import { guardOn } from "./guarding.ts";
import { countText } from "../process/number-text.ts";
import { roundText } from "./search-text.ts";
import { packageCommit } from "../process/package-commit.ts";
import { packageVersion } from "../process/package-root.ts";
import { openTrainer } from "../runtimes/open-trainer.ts";
import type { RuntimeChoice, Trainer } from "../runtimes/trainer.ts";
import { tunedFor } from "../runtimes/tuning.ts";
import type { TuningChoice } from "../options/tuning-option.ts";
import { isInNode } from "../runtimes/node-trainer.ts";
import { type Begun, checksums, findBegun, refuseOther } from "./unfinished.ts";

export interface TrainingOptions {
  /** The results folder; it must hold nothing, unless training goes on there. */
  folder: string;
  /** Go on with what the folder holds, or begin where it holds nothing. */
  resume?: boolean;
  adapter: AdapterChoice;
  /** A part of an adapter's name, or its number, where it is not to be the first. */
  device?: string;
  /** Chrome where left out. */
  runtime?: RuntimeChoice;
  /** Off where left out. */
  tuning?: TuningChoice;
  csv: boolean;
  /** Of a piece of a sweep that is to be merged. */
  shard?: Shard | undefined;
  signal: AbortSignal;
  say: Say;
  /** Takes what only some want to know. */
  tell?: Say;
  progress?: (progress: Progress) => void;
  /** Is told which part of the work begins. */
  begins?: (part: string) => void;
  /** Is told how much of the tables has been written, once training is over. */
  writing?: (share: number) => void;
  /** Called before kernels are compiled, which may take a minute. */
  compiling?: () => void;
}

export interface Trained {
  runs: Table;
  manifest: Manifest;
  /** Why not every run has ended, where that is so; everything before it is in the folder. */
  error?: unknown;
}

/**
 * Looks at the results folder before anything is started.
 *
 * @returns what it holds, where training may go on there
 * @throws DocumentError where it may not be written to
 */
export function checkFolder(
  opened: OpenedExperiment,
  { folder, resume = false }: { folder: string; resume?: boolean },
): Begun | undefined {
  if (resume) return findBegun(folder, opened);
  refuseUsedFolder(folder);
  return undefined;
}

/**
 * Trains, and writes tables, arrays and manifest, also of an experiment that is interrupted or fails on the way. A
 * browser that ends in the middle is started again, once for each checkpoint.
 *
 * @throws what happens before anything is recorded (then the folder is as it was), and disk errors
 */
export async function trainInto(opened: OpenedExperiment, options: TrainingOptions): Promise<Trained> {
  const { folder, signal, say } = options;
  checkFolder(opened, options);
  const lock = FolderLock.take(folder);
  try {
    let begun = checkFolder(opened, options);
    if (begun?.manifest.status === "finished") {
      removeLeftovers(folder, options.shard !== undefined);
      say(`${folder} is finished already`);
      return await readRuns(folder);
    }
    const isNew = !begun;
    const place = begun?.saved && placeOf(begun.manifest.adapter, begun.manifest.browser, options);
    options.begins?.("adapter");
    // Worked out while the adapter opens; a failure is thrown to who waits for it.
    const known = knownOf(opened, options.shard);
    known.catch(() => {});
    let trainer = await startTrainer({ ...options, ...place });
    for (let isAgain = false; ; isAgain = true) {
      const attempt = await trainOnce(opened, begun, trainer, { ...options, known, isNew });
      const { gone } = attempt;
      if (!gone) return attempt.trained;
      // Without a checkpoint since the last time it would end here again.
      if (signal.aborted || (isAgain && !attempt.hasAdvanced)) return attempt.conclude(gone);
      say(`${gone.message}; starting it again`);
      try {
        const { adapter, browserVersion } = trainer;
        trainer = await startTrainer({ ...options, ...placeOf(adapter, browserVersion, options) });
      } catch (error) {
        if (error instanceof Interrupted) return attempt.conclude(error);
        say(explain(error));
        return attempt.conclude(gone);
      }
      attempt.suspend();
      begun = findBegun(folder, opened);
    }
  } finally {
    lock.release();
  }
}

/** Training in one browser: done, or cut off by its end. */
type Attempt =
  | { gone?: undefined; trained: Trained }
  | { gone: BrowserGone; hasAdvanced: boolean; conclude(error: unknown): Trained; suspend(): void };

const startTrainer = ({ runtime = "chrome", adapter, device, say, tell, signal }: TrainingOptions) =>
  // A signal of its own: a session leaves its listeners with it.
  openTrainer(runtime, {
    adapter,
    ...(device !== undefined && { device }),
    verbose: tell !== undefined,
    say,
    signal: AbortSignal.any([signal]),
  });

/**
 * Trains in an open browser, and closes it.
 *
 * @param options.known what theory knows of the sweep
 * @param options.isNew the command has found nothing in the folder, and leaves nothing there where nothing is recorded
 */
async function trainOnce(
  opened: OpenedExperiment,
  begun: Begun | undefined,
  trainer: Trainer,
  options: TrainingOptions & { known: Promise<Known>; isNew: boolean },
): Promise<Attempt> {
  const { folder, csv, say, writing, isNew, begins = () => {} } = options;
  const signal = AbortSignal.any([options.signal]);
  const saved = begun?.saved;
  try {
    begins("preparation");
    if (begun && saved) refuseOther(folder, begun, trainer.adapter, packageVersion());
    say(adapterLine(trainer.adapter, trainer.browserVersion, trainer.reason));
    if (!saved) await fit(opened, trainer.adapter, folder);
    if (begun && !saved) say(`${begun.problem ?? `${folder} has no checkpoint yet`}; beginning anew`);
    if (!saved) removeResults(folder);
    if (saved) say(`going on from ${reachedText(saved.checkpoint)}`);
    const duration = await Duration.of(opened, trainer.adapter, trainer.browserVersion);
    const tell = options.tell ?? (() => {});
    const expected = duration.line(1 - doneOf(saved?.checkpoint), tell);
    if (expected !== undefined) say(`this takes ${expected}`);
    const commit = packageCommit();
    const browsers = new Set([begun?.manifest.browser, trainer.browserVersion].filter(Boolean));
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
        date: (saved && begun?.manifest.date) ?? new Date().toISOString(),
        ...(commit !== undefined && { commit }),
        ...(await options.known),
        warnings: [
          ...opened.warnings,
          ...(saved && browsers.size > 1
            ? [`begun in one browser, finished in another: ${[...browsers].join(", ")}`]
            : []),
        ],
      },
      { csv, inputs: checksums(opened.files), shard: options.shard, from: saved },
    );
    let { seconds, runSteps } = saved?.checkpoint.progress ?? { seconds: 0, runSteps: 0 };
    let first: Course["first"] | undefined;
    let hasAdvanced = false;
    const sink: Sink = {
      begin: (runs) => {
        writer.begin(runs);
        say(roundText(opened.experiment.search!.specification, runs));
      },
      record: (block) => writer.record(block),
      end: (block) => writer.end(block),
      checkpoint: (checkpoint) => {
        writer.checkpoint(checkpoint);
        hasAdvanced = true;
      },
      progress: (progress) => {
        ({ seconds, runSteps } = progress);
        first ??= { seconds, runSteps };
        options.progress?.(progress);
      },
    };
    try {
      begins("tuning");
      // What was begun goes on with the same kernels, whatever is the fastest now.
      const settled =
        saved?.checkpoint.settled ??
        (options.tuning === "on" ? await tunedFor(opened, trainer, signal, tell) : {});
      options.compiling?.();
      begins("guard");
      // Before: whoever watches need not wait for results that cannot be trusted.
      const guard = await guardOn(opened, trainer, settled, signal);
      const problem = distrust(guard);
      if (problem) say(`warning: ${problem.message}`);
      begins("training");
      const report = await trainer.train({ ...opened, settled, checkpoint: saved?.checkpoint }, sink, signal);
      begins("tables");
      const last = { seconds: report.seconds, runSteps };
      duration.remember({ first: first ?? last, last }, tell);
      const { kernels, minimumNuclear } = report;
      const ended = { status: "finished", seconds: report.seconds, kernels, minimumNuclear } as const;
      return { trained: writer.finish({ ...ended, settled, guard, writing }) };
    } catch (error) {
      const conclude = (error: unknown): Trained => {
        if (isNew && writer.isEmpty) {
          writer.discard();
          throw error;
        }
        const status = error instanceof Interrupted ? "interrupted" : "failed";
        return { ...concluded(writer, { status, seconds, kernels: {}, writing }, error), error };
      };
      if (!(error instanceof BrowserGone)) return { trained: conclude(error) };
      return { gone: error, hasAdvanced, conclude, suspend: () => writer.suspend() };
    }
  } finally {
    begins("end");
    await trainer.close();
  }
}

type Known = Pick<Manifest, "lines" | "data">;

/** What theory knows of the sweep, and what it is trained on, where it is a whole one. */
async function knownOf({ experiment, files }: OpenedExperiment, shard: Shard | undefined): Promise<Known> {
  if (shard || experiment.search) return {};
  const members = await loadRuns(experiment.runs, files);
  const lines = await theoryLines(members);
  return { ...(lines.length > 0 && { lines }), data: dataDigest(members) };
}

/** How many runs a search takes, nobody knows. */
function reachedText({ progress, search }: Checkpoint): string {
  const { runsDone, runSteps, runStepsTotal } = progress;
  if (search) return `${countText(runsDone)} of ${countText(search.trials.length)} runs so far`;
  return Number.isFinite(runStepsTotal)
    ? `${((100 * runSteps) / runStepsTotal).toFixed(1)} %`
    : `${runSteps} run-steps`;
}

/** The share of a training that is done; 0 where nobody knows. */
function doneOf(checkpoint: Checkpoint | undefined): number {
  const { runSteps, runStepsTotal } = checkpoint?.progress ?? { runSteps: 0, runStepsTotal: NaN };
  return runStepsTotal > 0 ? runSteps / runStepsTotal : 0;
}

/** Training goes on where it began, whatever would be taken now; what the user asks for by name is left to him. */
function placeOf(
  report: AdapterReport,
  browserVersion: string,
  options: TrainingOptions,
): Partial<Pick<TrainingOptions, "adapter" | "runtime" | "device">> {
  if (options.device !== undefined) return {};
  const adapter =
    options.adapter !== "auto" ? options.adapter : report.software ? ("software" as const) : "hardware";
  if (options.runtime !== "auto") return { adapter };
  return isInNode(browserVersion)
    ? { adapter, runtime: "node", device: report.device }
    : { adapter, runtime: "chrome" };
}

/** Keeps what there is; where that fails as well, the first error is the one to tell. */
function concluded(writer: ResultsWriter, conclusion: Conclusion, error: unknown): Trained {
  try {
    return writer.finish(conclusion);
  } catch (second) {
    throw error instanceof Interrupted ? second : error;
  }
}

/** Which adapter trains: always told. */
export function adapterLine(adapter: AdapterReport, browserVersion: string, reason?: string): string {
  const name = [adapter.vendor, adapter.architecture, adapter.device, adapter.description]
    .filter(Boolean)
    .join(" ");
  const line = `${browserVersion}, ${adapter.software ? "software" : "hardware"} adapter: ${name || "unnamed"}`;
  return reason === undefined ? line : `${line} (${reason})`;
}

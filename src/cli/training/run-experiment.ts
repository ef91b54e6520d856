/** The main job: an experiment from its document to its figures. */

import { distrust } from "../../guard/guard.ts";
import type { Place } from "../../cluster/shards.ts";
import { defaultFolder } from "../../results/folder.ts";
import { wantedAdapter } from "../options/adapter-option.ts";
import { commandText, type KeptOptions, trainingWords } from "../options/command-text.ts";
import { openExperiment } from "../experiment/experiment-file.ts";
import { explain, Interrupted } from "../process/failure.ts";
import { listenForInterrupt } from "../runtimes/interrupt.ts";
import type { Experiment } from "../../document/types.ts";
import type { Table } from "../../document/table.ts";
import { durationText } from "../process/number-text.ts";
import { Parts } from "../process/parts.ts";
import { ProgressLine } from "../process/progress-line.ts";
import { type OpenedShard, openShard, shardCommandText } from "./shard.ts";
import { earlyEndsText } from "./early-ends.ts";
import { searchText, workText } from "./search-text.ts";
import { summaryText } from "./summary.ts";
import { columnsOf } from "../process/terminal.ts";
import { checkFolder, trainInto } from "./training.ts";
import { writtenText } from "../process/written-files.ts";

/** Where the output is no terminal. */
const standardWidth = 160;

/** What is told on the way goes to the error stream; the summary, to the output. */
export async function trainCommand(
  argument: string,
  options: KeptOptions & {
    out?: string;
    resume: boolean;
    shard?: Place;
    verbose: boolean;
    quiet: boolean;
  },
): Promise<void> {
  const say = options.quiet ? () => {} : (line: string) => console.error(line);
  const wanted = wantedAdapter(options.adapter, options.runtime);
  const line = new ProgressLine();
  if (!options.quiet) line.show(`reading ${argument}, drawing data and initial weights`);
  const whole = await openExperiment(argument, options.set).finally(() => line.clear());
  const target = options.out ?? defaultFolder(whole.experiment.name);
  const words = trainingWords(argument, target, options);
  const part = options.shard && (await openShard(whole, options.shard, target, words));
  if (part?.isMerged) return say(`${target} is merged already`);
  const { opened, folder } = part ?? { opened: whole, folder: target };
  const { experiment } = opened;
  checkFolder(opened, { folder, resume: options.resume });
  const parts = new Parts();
  const above = (text: string): void => {
    line.clear();
    say(text);
  };
  const interrupt = listenForInterrupt(above);
  try {
    for (const warning of opened.warnings) say(`warning: ${warning}`);
    say(`${experiment.name}${shardText(part)}: ${workText(experiment)}`);

    const { runs, manifest, error } = await trainInto(opened, {
      folder,
      ...wanted,
      runtime: options.runtime,
      tuning: options.tuning,
      csv: options.csv,
      resume: options.resume,
      shard: part?.shard,
      signal: interrupt.signal,
      say: above,
      ...(options.verbose && { tell: above }),
      begins: (part) => {
        parts.begin(part);
        // Loaded while the adapter works.
        if (part === "training") void import("./drawing.ts").catch(() => {});
      },
      ...(!options.quiet && {
        compiling: () => line.show("compiling kernels"),
        progress: (progress) => line.update(progress),
        writing: (share) => line.show(`writing tables, ${Math.floor(100 * share)} %`),
      }),
    });
    if (!error && !part && !options.quiet) line.show("drawing figures");
    parts.begin("figures");
    const problem = error ?? (part ? undefined : await draw(folder, above)) ?? distrust(manifest.guard);
    line.clear();
    if (!options.quiet && !(part && error)) {
      console.log(resultsText(experiment, runs));
      console.log(`\n${manifest.status} in ${durationText(manifest.seconds)}; ${writtenText(folder)}`);
    }
    if (options.verbose) say(parts.text());
    if (manifest.status !== "finished") say(`to go on: ${resumeText(words, options.shard)}`);
    else if (part) say(`once all shards are trained: ${commandText(["merge", target])}`);
    if (problem !== undefined) throw problem;
    if (interrupt.signal.aborted) throw new Interrupted();
  } finally {
    line.clear();
    interrupt.release();
  }
}

export function resultsText({ runs: specified, search }: Experiment, runs: Table): string {
  if (search) return searchText(search.specification, runs);
  const swept = Object.keys(specified[0].swept);
  const quantities = Object.keys(runs.columns).filter(
    (name) => !["run", ...swept, "status", "epochs", "time"].includes(name),
  );
  const text = summaryText(runs, swept, quantities, columnsOf(process.stdout, standardWidth));
  return [text, earlyEndsText(specified, runs)].filter(Boolean).join("\n");
}

/** The command line that goes on with an experiment. */
const resumeText = (words: readonly string[], shard: Place | undefined): string =>
  shard ? shardCommandText(words, shard) : commandText([...words, "--resume"]);

/** ", shard 3 of 16". */
const shardText = (part: OpenedShard | undefined): string =>
  part ? `, shard ${part.shard.index} of ${part.shard.count}` : "";

/** @returns what went wrong: the results are there all the same, and are told first */
export async function draw(folder: string, say: (line: string) => void): Promise<Error | undefined> {
  try {
    const { drawFolder } = await import("./drawing.ts");
    for (const note of await drawFolder(folder)) say(`note: ${note}`);
    return undefined;
  } catch (error) {
    return new Error(`the results are written, but their figures are not: ${explain(error)}`, {
      cause: error,
    });
  }
}

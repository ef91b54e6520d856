/** The main job: an experiment from its document to its figures. */

import { formatPath } from "../document/path.ts";
import type { AdapterChoice } from "../gpu/adapter.ts";
import { distrust } from "../guard/guard.ts";
import { defaultFolder } from "../results/folder.ts";
import type { Assignment } from "./assignment.ts";
import { openExperiment } from "./experiment-file.ts";
import { explain, Interrupted } from "./failure.ts";
import { listenForInterrupt } from "./interrupt.ts";
import type { Experiment } from "../document/types.ts";
import type { Table } from "../document/table.ts";
import { durationText } from "./number-text.ts";
import { ProgressLine } from "./progress-line.ts";
import { searchText, workText } from "./search-text.ts";
import { summaryText } from "./summary.ts";
import { columnsOf } from "./terminal.ts";
import type { Runtime } from "./trainer.ts";
import type { TuningChoice } from "./tuning-option.ts";
import { checkFolder, trainInto } from "./training.ts";
import { writtenText } from "./written-files.ts";

/** Where the output is no terminal. */
const standardWidth = 160;

/** What is told on the way goes to the error stream; the summary, to the output. */
export async function trainCommand(
  argument: string,
  options: {
    out?: string;
    set: Assignment[];
    csv: boolean;
    resume: boolean;
    adapter: AdapterChoice;
    runtime: Runtime;
    tuning: TuningChoice;
    verbose: boolean;
    quiet: boolean;
  },
): Promise<void> {
  const say = options.quiet ? () => {} : (line: string) => console.error(line);
  const opened = await openExperiment(argument, options.set);
  const { experiment } = opened;
  const folder = options.out ?? defaultFolder(experiment.name);
  checkFolder(opened, { folder, resume: options.resume });
  const line = new ProgressLine();
  const above = (text: string): void => {
    line.clear();
    say(text);
  };
  const interrupt = listenForInterrupt(above);
  try {
    for (const warning of opened.warnings) say(`warning: ${warning}`);
    say(`${experiment.name}: ${workText(experiment)}`);

    const { runs, manifest, error } = await trainInto(opened, {
      folder,
      adapter: options.adapter,
      runtime: options.runtime,
      tuning: options.tuning,
      csv: options.csv,
      resume: options.resume,
      signal: interrupt.signal,
      say: above,
      ...(options.verbose && { tell: above }),
      ...(!options.quiet && {
        progress: (progress) => line.update(progress),
        writing: (share) => line.show(`writing tables, ${Math.floor(100 * share)} %`),
      }),
    });
    if (!error && !options.quiet) line.show("drawing figures");
    const problem = error ?? (await draw(folder, above)) ?? distrust(manifest.guard);
    line.clear();
    if (!options.quiet) {
      console.log(resultsText(experiment, runs));
      console.log(`\n${manifest.status} in ${durationText(manifest.seconds)}; ${writtenText(folder)}`);
    }
    if (manifest.status !== "finished") say(`to go on: ${resumeText(argument, folder, options)}`);
    if (problem !== undefined) throw problem;
    if (interrupt.signal.aborted) throw new Interrupted();
  } finally {
    line.clear();
    interrupt.release();
  }
}

function resultsText({ runs: [first], search }: Experiment, runs: Table): string {
  if (search) return searchText(search.specification, runs);
  const swept = Object.keys(first.swept);
  const quantities = Object.keys(runs.columns).filter(
    (name) => !["run", ...swept, "status", "epochs", "time"].includes(name),
  );
  return summaryText(runs, swept, quantities, columnsOf(process.stdout, standardWidth));
}

/** The command line that goes on with an experiment. */
function resumeText(
  argument: string,
  folder: string,
  {
    set,
    csv,
    adapter,
    runtime,
    tuning,
  }: { set: Assignment[]; csv: boolean; adapter: AdapterChoice; runtime: Runtime; tuning: TuningChoice },
): string {
  const quoted = (word: string) =>
    /^[\w./=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  const changes = set.flatMap(({ path, value }) => ["--set", `${formatPath(path)}=${JSON.stringify(value)}`]);
  // A name that begins with a dash is no option.
  const named = argument.startsWith("-") ? `./${argument}` : argument;
  const words = ["run", named, "--out", folder, ...changes, ...(csv ? ["--csv"] : [])];
  if (adapter !== "auto") words.push("--adapter", adapter);
  if (runtime !== "chrome") words.push("--runtime", runtime);
  if (tuning !== "on") words.push("--tuning", tuning);
  // Started by npm, it may not be on the path.
  const program = process.env.npm_command ? ["npx", "alphasweep"] : ["alphasweep"];
  return [...program, ...words, "--resume"].map(quoted).join(" ");
}

/** @returns what went wrong: the results are there all the same, and are told first */
async function draw(folder: string, say: (line: string) => void): Promise<Error | undefined> {
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

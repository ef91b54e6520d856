/** Command lines as they are typed. */

import { formatPath } from "../../document/path.ts";
import type { Assignment } from "../experiment/assignment.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";
import type { TuningChoice } from "./tuning-option.ts";

/** What of the options a training must be gone on with. */
export interface KeptOptions {
  set: Assignment[];
  csv: boolean;
  /** As it was given. */
  adapter: string;
  runtime: RuntimeChoice;
  tuning: TuningChoice;
}

/** The words that train an experiment into a folder. */
export function trainingWords(
  argument: string,
  folder: string,
  { set, csv, adapter, runtime, tuning }: KeptOptions,
): string[] {
  const changes = set.flatMap(({ path, value }) => ["--set", `${formatPath(path)}=${JSON.stringify(value)}`]);
  // A name that begins with a dash is no option.
  const named = argument.startsWith("-") ? `./${argument}` : argument;
  const words = ["run", named, "--out", folder, ...changes, ...(csv ? ["--csv"] : [])];
  if (adapter !== "auto") words.push("--adapter", adapter);
  if (runtime !== "auto") words.push("--runtime", runtime);
  if (tuning !== "on") words.push("--tuning", tuning);
  return words;
}

/** The command with these words, for a shell. */
export function commandText(words: readonly string[]): string {
  // Started by npm, it may not be on the path.
  const program = process.env.npm_command ? ["npx", "alphasweep"] : ["alphasweep"];
  return shellText([...program, ...words]);
}

/** Words as a shell takes them apart again. */
export const shellText = (words: readonly string[]): string =>
  words.map((word) => (/^[\w./=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");

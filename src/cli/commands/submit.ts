import { Command, Option } from "commander";
import { adapterOption } from "../options/adapter-option.ts";
import { assignmentOption } from "../options/assignment-option.ts";
import { UsageError } from "../process/failure.ts";
import { runtimeOption } from "../options/runtime-option.ts";
import { tuningOption } from "../options/tuning-option.ts";
import type { SubmitOptions } from "../shards/submission.ts";

export const submitCommand = (): Command =>
  new Command("submit")
    .description("train an experiment in shards on a cluster: an array job of Slurm, and a job that merges")
    .argument("<experiment>", 'a JSON document, or the name of a built-in one (see "alphasweep list")')
    .argument("[options...]", "after --: what sbatch is given, such as --gres=gpu:1 --time=4:00:00")
    .addOption(
      new Option("--tasks <n>", "how many shards the sweep is cut into")
        .argParser(parseTasks)
        .makeOptionMandatory(),
    )
    .option("--out <folder>", "the results folder (default: results/<name>)")
    .addOption(assignmentOption())
    .option("--csv", "write runs.csv and history.csv beside the Parquet files", false)
    .addOption(adapterOption())
    .addOption(runtimeOption("train"))
    .addOption(tuningOption())
    .addOption(
      new Option(
        "--print [scheduler]",
        "print the batch scripts (slurm, the default) or the manifest of jobs (kubernetes), and submit nothing",
      ).choices(["slurm", "kubernetes"]),
    )
    .option("--image <name>", "kubernetes: the image that holds alphasweep", "alphasweep")
    .option("--gpu <resource>", "kubernetes: the resource that is one GPU", "nvidia.com/gpu")
    .option("--claim <name>", "kubernetes: the volume claim that holds document and results", "alphasweep")
    .addHelpText(
      "after",
      `
What is finished is not trained again: the same command submits what is left.

Examples:
  alphasweep submit mine.json --tasks 16 -- --gres=gpu:1 --time=4:00:00
  alphasweep submit mine.json --tasks 16 --print
  alphasweep submit mine.json --tasks 16 --print kubernetes | kubectl apply -f -`,
    )
    .action(async (experiment: string, words: string[], options: SubmitOptions) => {
      const { submit } = await import("../shards/submission.ts");
      await submit(experiment, words, options);
    });

function parseTasks(text: string): number {
  const tasks = Number(text);
  if (!Number.isSafeInteger(tasks) || tasks < 1)
    throw new UsageError(`--tasks is "${text}"; it is how many shards, 1 or more`);
  return tasks;
}

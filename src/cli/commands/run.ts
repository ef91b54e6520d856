import { Command } from "commander";
import type { Place } from "../../cluster/shards.ts";
import { adapterOption } from "../options/adapter-option.ts";
import type { Assignment } from "../experiment/assignment.ts";
import { assignmentOption } from "../options/assignment-option.ts";
import { runtimeOption } from "../options/runtime-option.ts";
import { shardOption } from "../options/shard-option.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";
import { type TuningChoice, tuningOption, verboseOption } from "../options/tuning-option.ts";

interface RunOptions {
  shard?: Place;
  out?: string;
  set: Assignment[];
  csv: boolean;
  resume: boolean;
  adapter: string;
  runtime: RuntimeChoice;
  tuning: TuningChoice;
  verbose: boolean;
  quiet: boolean;
}

export const runCommand = (): Command =>
  new Command("run")
    .description("train an experiment and write its results folder")
    .argument("<experiment>", 'a JSON document, or the name of a built-in one (see "alphasweep list")')
    .option("--out <folder>", "the results folder (default: results/<name>)")
    .addOption(assignmentOption())
    .option("--csv", "write runs.csv and history.csv beside the Parquet files", false)
    .option("--resume", "go on with an experiment that has not finished, or begin it", false)
    .addOption(adapterOption())
    .addOption(shardOption())
    .addOption(runtimeOption("train"))
    .addOption(tuningOption())
    .addOption(verboseOption())
    .option("--quiet", "print nothing but errors", false)
    .addHelpText(
      "after",
      `
Examples:
  alphasweep run alpha-sweep
  alphasweep run mine.json --out results/first --csv
  alphasweep run mine.json --out results/first --resume
  alphasweep run mine.json --tuning off
  alphasweep run mine.json --out results/first --shard 3/16
  alphasweep run alpha-sweep --set train.epochs=2000 --set 'sweep[0].values=[[0.1, 1e-3], [10, 1e-5]]'`,
    )
    .action(async (experiment: string, options: RunOptions) => {
      const { trainCommand } = await import("../training/run-experiment.ts");
      await trainCommand(experiment, options);
    });

import { Command } from "commander";
import type { MergeOptions } from "../shards/merge-shards.ts";

export const mergeCommand = (): Command =>
  new Command("merge")
    .description(
      "put the shards of a sweep together: tables, arrays, figures and report, as of a sweep that was not cut",
    )
    .argument("<folder>", "the results folder that --shard was given as --out")
    .option("--clean", "remove the shards once all is written", false)
    .option("--csv", "write runs.csv and history.csv beside the Parquet files", false)
    .option("--quiet", "print nothing but errors", false)
    .addHelpText(
      "after",
      "\nExamples:\n  alphasweep merge results/mine\n  alphasweep merge results/mine --clean",
    )
    .action(async (folder: string, options: MergeOptions) => {
      const { merge } = await import("../shards/merge-shards.ts");
      await merge(folder, options);
    });

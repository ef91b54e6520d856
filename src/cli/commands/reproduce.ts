import { Command, Option } from "commander";
import { runtimeOption } from "../options/runtime-option.ts";
import { tuningOption, verboseOption } from "../options/tuning-option.ts";
import { sizes } from "../options/sizes.ts";
import type { ReproduceOptions } from "../reproduction/reproduce-claims.ts";

export const reproduceCommand = (): Command =>
  new Command("reproduce")
    .description("train built-in experiments and check the claims that they must show")
    .argument("[id...]", "which figures or tables; all by default")
    .option(
      "--out <folder>",
      "keep the results there, a folder an experiment, and one page of all claims (default, of all: results/reproduced-<size>)",
    )
    .addOption(
      new Option(
        "--size <size>",
        "as published, or small: what the tests train, in seconds each (default: full; of all, small)",
      ).choices(sizes),
    )
    .option("--resume", "go on with what the folder holds; of all, always", false)
    .option(
      "--data <folder>",
      "train on the data that a figure was published with: the folder with its files",
    )
    .addOption(
      new Option("--adapter <kind>", "which WebGPU adapter; auto is hardware where there is one")
        .choices(["auto", "hardware", "software"])
        .default("auto"),
    )
    .addOption(runtimeOption("train"))
    .addOption(tuningOption())
    .addOption(verboseOption())
    .option("--quiet", "print nothing but claims and errors", false)
    .addHelpText(
      "after",
      `
Examples:
  alphasweep reproduce
  alphasweep reproduce --size full --out results/reproduced
  alphasweep reproduce table-1 figure-6 --out results/reproduced
  alphasweep reproduce figure-7 --data thesis-data

Exits 1 where a verdict is not the expected one.`,
    )
    .action(async (ids: string[], options: ReproduceOptions) => {
      const { reproduceClaims } = await import("../reproduction/reproduce-claims.ts");
      await reproduceClaims(ids, options);
    });

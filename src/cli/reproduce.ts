import { Command, Option } from "commander";
import type { AdapterChoice } from "../gpu/adapter.ts";

interface ReproduceOptions {
  out?: string;
  adapter: AdapterChoice;
  quiet: boolean;
}

export const reproduceCommand = (): Command =>
  new Command("reproduce")
    .description("train built-in experiments and check the claims that they must show")
    .argument("[id...]", "which figures or tables; all by default")
    .option("--out <folder>", "keep the results there, with their figures, a folder an experiment")
    .addOption(
      new Option("--adapter <kind>", "which WebGPU adapter; auto is hardware where there is one")
        .choices(["auto", "hardware", "software"])
        .default("auto"),
    )
    .option("--quiet", "print nothing but claims and errors", false)
    .addHelpText(
      "after",
      `
Examples:
  alphasweep reproduce
  alphasweep reproduce table-1 figure-6 --out results/reproduced

Exits 1 where a verdict is not the expected one.`,
    )
    .action(async (ids: string[], options: ReproduceOptions) => {
      const { reproduceClaims } = await import("./reproduce-claims.ts");
      await reproduceClaims(ids, options);
    });

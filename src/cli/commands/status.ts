import { Command } from "commander";

export const statusCommand = (): Command =>
  new Command("status")
    .description(
      "tell how far the shards of a sweep are: done, running, failed, run-steps per second, time left",
    )
    .argument("<folder>", "the results folder")
    .addHelpText("after", "\nExamples:\n  alphasweep status results/mine")
    .action(async (folder: string) => {
      const { tellStatus } = await import("../shards/shards-status.ts");
      tellStatus(folder);
    });

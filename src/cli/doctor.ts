import { Command, Option } from "commander";
import type { AdapterChoice } from "../gpu/adapter.ts";
import type { Assignment } from "./assignment.ts";
import { assignmentOption } from "./assignment-option.ts";
import { runtimeOption } from "./runtime-option.ts";
import type { RuntimeChoice } from "./trainer.ts";

interface DoctorOptions {
  adapter: AdapterChoice;
  runtime: RuntimeChoice;
  set: Assignment[];
}

export const doctorCommand = (): Command =>
  new Command("doctor")
    .description(
      "measure every adapter that is found, tell which is used, or what an experiment would take of it",
    )
    .argument("[experiment]", "a JSON document, or the name of a built-in one: its bytes of memory and disk")
    .addOption(assignmentOption())
    .addOption(
      new Option("--adapter <kind>", "which WebGPU adapter")
        .choices(["auto", "hardware", "software"])
        .default("auto"),
    )
    .addOption(runtimeOption("train"))
    .addHelpText("after", "\nExamples:\n  alphasweep doctor\n  alphasweep doctor mine.json")
    .action(async (experiment: string | undefined, options: DoctorOptions) => {
      const { diagnose } = await import("./diagnosis.ts");
      await diagnose(options, experiment, options.set);
    });

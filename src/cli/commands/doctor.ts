import { Command, Option } from "commander";
import type { AdapterChoice } from "../../gpu/adapter.ts";
import type { Assignment } from "../experiment/assignment.ts";
import { assignmentOption } from "../options/assignment-option.ts";
import { runtimeOption } from "../options/runtime-option.ts";
import type { RuntimeChoice } from "../runtimes/trainer.ts";

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
      const { diagnose } = await import("../training/diagnosis.ts");
      await diagnose(options, experiment, options.set);
    });

import { Command, Option } from "commander";
import type { AdapterChoice } from "../gpu/adapter.ts";
import type { Assignment } from "./assignment.ts";
import { assignmentOption } from "./assignment-option.ts";

interface DoctorOptions {
  adapter: AdapterChoice;
  set: Assignment[];
}

export const doctorCommand = (): Command =>
  new Command("doctor")
    .description("tell which browser and adapter are used, and what an experiment would take of them")
    .argument("[experiment]", "a JSON document, or the name of a built-in one: its bytes of memory and disk")
    .addOption(assignmentOption())
    .addOption(
      new Option("--adapter <kind>", "which WebGPU adapter")
        .choices(["auto", "hardware", "software"])
        .default("auto"),
    )
    .addHelpText("after", "\nExamples:\n  alphasweep doctor\n  alphasweep doctor mine.json")
    .action(async (experiment: string | undefined, options: DoctorOptions) => {
      const { diagnose } = await import("./diagnosis.ts");
      await diagnose(options.adapter, experiment, options.set);
    });

import { Command, Option } from "commander";
import type { AdapterChoice } from "../gpu/adapter.ts";

export const doctorCommand = (): Command =>
  new Command("doctor")
    .description("tell which browser and adapter are used, and what they can do")
    .addOption(
      new Option("--adapter <kind>", "which WebGPU adapter")
        .choices(["auto", "hardware", "software"])
        .default("auto"),
    )
    .addHelpText("after", "\nExample:\n  alphasweep doctor")
    .action(async ({ adapter }: { adapter: AdapterChoice }) => {
      const { diagnose } = await import("./diagnosis.ts");
      await diagnose(adapter);
    });

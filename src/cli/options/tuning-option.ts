import { Option } from "commander";

/** Whether kernels are chosen by measuring, or by what is known of software adapters and of GPUs. */
export type TuningChoice = "on" | "off";

/** `--tuning`, of the commands that train. */
export const tuningOption = (): Option =>
  new Option(
    "--tuning <on|off>",
    "measure which kernels are fastest here before long trainings, or take the standard ones",
  )
    .choices(["on", "off"])
    .default("on");

/** `--verbose`, of the same. */
export const verboseOption = (): Option =>
  new Option(
    "--verbose",
    "tell which kernels were measured and what each took, what drivers say, and the seconds of each part",
  ).default(false);

/** The command line: its commands. */

import { Command } from "commander";
import { benchCommand } from "./commands/bench.ts";
import { completionCommand } from "./commands/completion.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { listCommand } from "./commands/list.ts";
import { mergeCommand } from "./commands/merge.ts";
import { newCommand } from "./commands/new.ts";
import { packageVersion } from "./process/package-root.ts";
import { runProgram } from "./process/program.ts";
import { reproduceCommand } from "./commands/reproduce.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { submitCommand } from "./commands/submit.ts";
import { viewCommand } from "./commands/view.ts";

const commands = [
  newCommand,
  runCommand,
  submitCommand,
  statusCommand,
  mergeCommand,
  listCommand,
  reproduceCommand,
  viewCommand,
  benchCommand,
  doctorCommand,
  completionCommand,
];

/** All commands, for whoever looks at them without running one. */
export function program(): Command {
  const root = new Command("alphasweep")
    .description(
      "Trains thousands of small models at once on WebGPU, over the scale of their initialization.",
    )
    .version(packageVersion(), "-V, --version")
    .addHelpText(
      "after",
      `
Examples:
  alphasweep run alpha-sweep
  alphasweep new
  alphasweep view results/alpha-sweep
  alphasweep help run

Exit codes: 0 done, 1 failed, 2 usage or document error, 3 no browser or adapter, 130 interrupted.`,
    )
    // Without it, an unknown command is met by the help text.
    .showSuggestionAfterError();
  for (const make of commands) root.addCommand(make());
  return root;
}

/** Runs the command line that this process was given, and ends the process. */
export const runCommandLine = (): Promise<never> => runProgram(program());

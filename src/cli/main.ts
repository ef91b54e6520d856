/** The command line: commands, and how they end. */

import { Command, CommanderError } from "commander";
import { benchCommand } from "./bench.ts";
import { doctorCommand } from "./doctor.ts";
import { exitCodeOf, exitCodes, explain } from "./failure.ts";
import { listCommand } from "./list.ts";
import { watchOutput } from "./output.ts";
import { packageVersion } from "./package-root.ts";
import { reproduceCommand } from "./reproduce.ts";
import { runCommand } from "./run.ts";
import { viewCommand } from "./view.ts";

const commands = [runCommand, listCommand, reproduceCommand, viewCommand, benchCommand, doctorCommand];

function program(): Command {
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
  alphasweep view results/alpha-sweep
  alphasweep help run

Exit codes: 0 done, 1 failed, 2 usage or document error, 3 no browser or adapter, 130 interrupted.`,
    )
    // Without it, an unknown command is met by the help text.
    .showSuggestionAfterError();
  for (const make of commands) root.addCommand(make());
  for (const command of [root, ...root.commands])
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(`${explain(text).replace(/^error: /, "")}\n`),
    });
  return root;
}

/** @returns the exit code */
async function main(parameters: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(parameters);
    return exitCodes.done;
  } catch (error) {
    // Commander has printed what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    console.error(explain(error));
    return exitCodeOf(error);
  }
}

/** Runs the command line that this process was given, and ends the process. */
export async function runCommandLine(): Promise<never> {
  const output = watchOutput();
  // What nobody waits for fails as what somebody does: in one line.
  process.on("uncaughtException", (error) => {
    console.error(explain(error));
    process.exit(exitCodeOf(error));
  });
  const code = await main(process.argv);
  // What is printed must be out first; open handles (a download given up) must not hold the process.
  const problem = await output.written();
  if (problem === undefined || code !== exitCodes.done) process.exit(code);
  console.error(problem);
  process.exit(exitCodes.failed);
}

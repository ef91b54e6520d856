import { type Command, CommanderError } from "commander";
import { exitCodeOf, exitCodes, explain } from "./failure.ts";
import { watchOutput } from "./output.ts";

/**
 * Runs a program with the words that this process was given, and ends the process: failures are one line, and its exit code
 * says which.
 */
export async function runProgram(program: Command): Promise<never> {
  const output = watchOutput();
  // What nobody waits for fails as what somebody does: in one line.
  process.on("uncaughtException", (error) => {
    console.error(explain(error));
    process.exit(exitCodeOf(error));
  });
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(`${explain(text).replace(/^error: /, "")}\n`),
    });
  const code = await outcome(program);
  // What is printed must be out first; open handles (a download given up) must not hold the process.
  const problem = await output.written();
  if (problem === undefined || code !== exitCodes.done) process.exit(code);
  console.error(problem);
  process.exit(exitCodes.failed);
}

/** @returns the exit code */
async function outcome(program: Command): Promise<number> {
  try {
    await program.parseAsync(process.argv);
    return exitCodes.done;
  } catch (error) {
    // Commander has printed what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    console.error(explain(error));
    return exitCodeOf(error);
  }
}

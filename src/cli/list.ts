import { readFileSync } from "node:fs";
import { Command } from "commander";
import { builtInNames, builtInPath } from "./built-in.ts";
import { columnsOf } from "./terminal.ts";

export const listCommand = (): Command =>
  new Command("list")
    .description("list the built-in experiments")
    .addHelpText("after", "\nExample:\n  alphasweep list")
    .action(async () => {
      const { parseExperiment } = await import("../experiment/experiment.ts");
      const names = builtInNames();
      const width = Math.max(...names.map((name) => name.length));
      for (const name of names) {
        const { document, runs, search } = parseExperiment(readFileSync(builtInPath(name)!, "utf8"), name);
        const { description = "" } = document as { description?: string };
        // How many runs a search makes, nobody knows before.
        const count = search
          ? "    search"
          : `${String(runs.length).padStart(5)} ${runs.length === 1 ? "run " : "runs"}`;
        console.log(fitting(`${name.padEnd(width)} ${count}  ${description}`.trimEnd()));
      }
    });

/** One line stays one line on a terminal. */
function fitting(line: string): string {
  const columns = columnsOf(process.stdout, Infinity);
  return line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
}

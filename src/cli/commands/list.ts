import { readFileSync } from "node:fs";
import { Command } from "commander";
import { builtInNames, builtInPath } from "../experiment/built-in.ts";
import { columnsOf } from "../process/terminal.ts";

export const listCommand = (): Command =>
  new Command("list")
    .description("list the built-in experiments, by the paper that they are after")
    .addHelpText("after", "\nExample:\n  alphasweep list")
    .action(async () => {
      const [
        { parseExperiment },
        { reproductions },
        { paperOf, sourceOf },
        { recordedSeconds },
        { durationText },
      ] = await Promise.all([
        import("../../experiment/experiment.ts"),
        import("../../../experiments/registry.ts"),
        import("../../../experiments/source.ts"),
        import("../training/recorded-seconds.ts"),
        import("../process/number-text.ts"),
      ]);
      // figure-2 before figure-11.
      const names = builtInNames().sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
      const width = Math.max(...names.map((name) => name.length));
      const groups = new Map<string, string[]>();
      for (const name of names) {
        const experiment = parseExperiment(readFileSync(builtInPath(name)!, "utf8"), name);
        const { document, runs, search } = experiment;
        const { description = "" } = document as { description?: string };
        // How many runs a search makes, nobody knows before.
        const count = search
          ? "    search"
          : `${String(runs.length).padStart(5)} ${runs.length === 1 ? "run " : "runs"}`;
        const seconds = recordedSeconds(name, experiment);
        const time = seconds === undefined ? "" : durationText(seconds);
        const line = `${name.padEnd(width)} ${count}  ${time.padEnd(timeWidth)}  ${description}`.trimEnd();
        const source = sourceOf(name, description);
        const paper = source === undefined ? others : paperOf(source);
        groups.set(paper, [...(groups.get(paper) ?? []), fitting(line)]);
      }
      const papers = [...groups.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
      for (const [place, paper] of papers.entries()) {
        console.log(`${place > 0 ? "\n" : ""}# ${paper}`);
        for (const line of groups.get(paper)!) console.log(line);
      }
      const apart = reproductions
        .filter(({ id }) => !names.includes(id))
        .sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
      const apartWidth = Math.max(...apart.map(({ id }) => id.length));
      console.log('\n# "alphasweep reproduce" takes these names as well as those of experiments with claims');
      for (const { id, documents } of apart)
        console.log(fitting(`${id.padEnd(apartWidth)}  ${documents.join(", ")}`));
      console.log(
        `\n# Times are those of results that come with alphasweep, on the adapter that their manifests name.`,
      );
    });

/** "12 min 34 s". */
const timeWidth = 11;

const others = "others";

/** The thesis first; what is after no paper, last. */
const rank = (paper: string): number => (paper === "thesis" ? 0 : paper === others ? 2 : 1);

/** Without a terminal. */
const usualColumns = 100;

/** One line stays one line. */
function fitting(line: string): string {
  const columns = columnsOf(process.stdout, usualColumns);
  return line.length > columns ? `${line.slice(0, columns - 1).trimEnd()}…` : line;
}

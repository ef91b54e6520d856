/** `npm run preview`: all its work is done while this module is imported (see bin/preview.js). */

import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { createServer } from "vite";
import { UsageError } from "../process/failure.ts";
import { preserveSymlinks } from "../process/package-root.ts";
import { runProgram } from "../process/program.ts";
import { folderMount, memoryMount, serve } from "../runtimes/server.ts";
import { isResult } from "../site/results-listing.ts";
import { checkFolder, openBrowser, resultsPath } from "../commands/view.ts";
import { nearest } from "../../document/nearest.ts";
import { figures } from "../../../viewer/figures/registry.ts";

const ids = figures.map(({ id }) => id);

/** The figure and the folder, whichever are given: a word that is no figure is a folder. */
function asked(words: readonly string[]): { figure?: string; folder?: string } {
  const [first, second] = words;
  if (first === undefined) return {};
  if (ids.includes(first)) return { figure: first, ...(second !== undefined && { folder: second }) };
  if (second === undefined && statSync(first, { throwIfNoEntry: false })?.isDirectory())
    return { folder: first };
  const guess = nearest(first, ids);
  throw new UsageError(
    `${JSON.stringify(first)} is no figure${second === undefined ? " and no folder" : ""}; ` +
      `${guess ? `did you mean "${guess}"? ` : ""}there are ${ids.join(", ")}`,
  );
}

async function preview(words: readonly string[], { open }: { open: boolean }): Promise<void> {
  const { figure, folder } = asked(words);
  if (folder !== undefined) await checkFolder(folder);
  const results = await serve([
    folder === undefined
      ? memoryMount(resultsPath, new Map([["manifest.json", Buffer.from("null")]]))
      : folderMount(resultsPath, folder, isResult),
  ]);
  const server = await createServer({
    root: fileURLToPath(new URL("../../../viewer", import.meta.url)),
    configFile: false,
    envDir: false,
    logLevel: "warn",
    resolve: { preserveSymlinks },
    server: {
      host: "127.0.0.1",
      // Its server answers under its own name alone.
      proxy: { [resultsPath]: { target: results.url, changeOrigin: true } },
    },
  });
  await server.listen();
  const query = figure === undefined ? "" : `?figure=${figure}`;
  const url = `${server.resolvedUrls!.local[0]}preview.html${query}`;
  console.log(`${figure ?? "every figure"} is drawn at ${url}, anew when a file is saved (Ctrl-C ends it)`);
  if (open) await openBrowser(url);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  await Promise.all([server.close(), results.close()]);
}

const program = new Command("npm run preview --")
  .description("show a figure in your browser while its file is edited")
  .argument("[figure]", "its id; every figure where left out")
  .argument("[folder]", "a results folder; results that the tests bring where left out")
  .option("--no-open", "only print the address")
  .addHelpText(
    "after",
    `
Figures: ${ids.join(", ")}

Examples:
  npm run preview -- loss
  npm run preview -- kernel-drift results/alpha-sweep
  npm run preview -- results/alpha-sweep`,
  )
  .action((figure: string | undefined, folder: string | undefined, options: { open: boolean }) =>
    preview(
      [figure, folder].filter((word) => word !== undefined),
      options,
    ),
  );

await runProgram(program);

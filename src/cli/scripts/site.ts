/** `npm run site`: all its work is done while this module is imported (see bin/site.js). */

import { join } from "node:path";
import { Command } from "commander";
import { packageRoot } from "../process/package-root.ts";
import { builtPage } from "../runtimes/pages.ts";
import { runProgram } from "../process/program.ts";
import { buildSite } from "../site/site-build.ts";

await runProgram(
  new Command("npm run site --")
    .description(
      "build the page, small results and the documentation as a folder that any static host serves",
    )
    .option("--out <folder>", "where to", "site")
    .option(
      "--results <folder>",
      "whose results folders it shows",
      join(packageRoot, "experiments", "results"),
    )
    .action(async ({ out, results }: { out: string; results: string }) => {
      await buildSite(out, { page: await builtPage("index"), results });
      console.log(`${out}/index.html and what it needs are written; any file server shows them, at any path`);
    }),
);

/** Finds or installs a browser as the command does, then runs every test in it. All work is done on import. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { packageRoot, preserveSymlinks } from "../../src/cli/process/package-root.ts";

let executable: string;
try {
  executable = await ensureBrowser();
} catch (error) {
  console.error((error as Error).message);
  process.exit(3);
}
/** Behind a link (bin/sources.js) Node has to call files by the names that they have there, too. */
const options = [
  process.env.NODE_OPTIONS,
  ...(preserveSymlinks ? ["--preserve-symlinks", "--preserve-symlinks-main"] : []),
];
const vitest = spawnSync(
  process.execPath,
  [
    join(packageRoot, "node_modules/vitest/vitest.mjs"),
    ...(process.argv.includes("--watch") ? [] : ["run"]),
    "--root",
    packageRoot,
    ...process.argv.slice(2),
  ],
  {
    cwd: packageRoot,
    stdio: "inherit",
    env: {
      ...process.env,
      PUPPETEER_EXECUTABLE_PATH: executable,
      NODE_OPTIONS: options.filter(Boolean).join(" "),
    },
  },
);
process.exit(vitest.status ?? 1);

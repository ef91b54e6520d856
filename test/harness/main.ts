/** Finds or installs a browser as the command does, then runs every test in it. All work is done on import. */
import { spawnSync } from "node:child_process";
import { ensureBrowser } from "../../src/cli/browser.ts";

let executable: string;
try {
  executable = await ensureBrowser();
} catch (error) {
  console.error((error as Error).message);
  process.exit(3);
}
const vitest = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)],
  { stdio: "inherit", env: { ...process.env, PUPPETEER_EXECUTABLE_PATH: executable } },
);
process.exit(vitest.status ?? 1);

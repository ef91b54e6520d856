// The command of this clone, built once after each change of its sources: to run them as they are takes as long at every start.
import { accessSync, constants, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cacheOf, isKept, keepBuild, sourceHash } from "./kept-build.js";
import { runSource } from "./sources.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** It lies beside the pages (src/cli/runtimes/pages.ts), which remove from there what has not been used for a day. */
const main = "main.js";

/** Runs the command line that this process was given. */
export async function runCommand() {
  // Throws where the folder that it was started in is gone, as building the command would (bin/sources.js tells).
  process.cwd();
  const folder = await builtCommand();
  if (folder === undefined) return void (await runSource("src/cli/clone.ts"));
  const { runCommandLine } = await import(pathToFileURL(join(folder, main)));
  await runCommandLine();
}

/** The folder of the built command; undefined where none can be kept, or none would find what it needs. */
async function builtCommand() {
  // What bin/sources.js has links or lines for.
  if (/[*#?]/.test(realpathSync(root))) return undefined;
  const nameNow = () => `command-${sourceHash(root, "command")}`;
  const cache = cacheOf(root);
  const name = nameNow();
  const folder = join(cache, name);
  if (isKept(folder, main)) return folder;
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch {
    return undefined;
  }
  const { vite, module } = await runSource("vite.config.ts");
  await keepBuild(folder, main, {
    isCurrent: () => name === nameNow(),
    build: (part) => vite.build(module.commandConfiguration(part)),
  });
  return isKept(folder, main) ? folder : undefined;
}

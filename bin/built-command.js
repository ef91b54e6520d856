// The command of this clone, built once after each change of its sources: to run them as they are takes as long at every start.
import { randomUUID } from "node:crypto";
import { accessSync, constants, mkdirSync, realpathSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sourceHash } from "./source-hash.js";
import { runSource } from "./sources.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Beside the pages (src/cli/pages.ts), which remove from there what has not been used for a day. */
const cache = join(root, "node_modules", ".cache", "alphasweep");

/** Runs the command line that this process was given. */
export async function runCommand() {
  // Throws where the folder that it was started in is gone, as building the command would (bin/sources.js tells).
  process.cwd();
  const folder = await builtCommand();
  if (folder === undefined) return void (await runSource("src/cli/clone.ts"));
  const { runCommandLine } = await import(pathToFileURL(join(folder, "main.js")));
  await runCommandLine();
}

/** The folder of the built command; undefined where none can be kept, or none would find what it needs. */
async function builtCommand() {
  // What bin/sources.js has links or lines for.
  if (/[*#?]/.test(realpathSync(root))) return undefined;
  const name = `command-${sourceHash(root, "command")}`;
  const folder = join(cache, name);
  if (isThere(folder)) return folder;
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch {
    return undefined;
  }
  const { vite, module } = await runSource("vite.config.ts");
  const part = join(cache, `building-${randomUUID()}`);
  try {
    await vite.build(module.commandConfiguration(part));
    if (name !== `command-${sourceHash(root, "command")}`) return undefined;
    renameSync(part, folder);
  } catch (error) {
    // Another command was quicker.
    if (!isThere(folder)) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/** Marks what is there as used. */
function isThere(folder) {
  try {
    accessSync(join(folder, "main.js"), constants.R_OK);
  } catch {
    return false;
  }
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // Another user's.
  }
  return true;
}

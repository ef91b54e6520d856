import { randomUUID } from "node:crypto";
import { accessSync, constants, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { sourceHash } from "../../bin/source-hash.js";
import type { Page } from "../../vite.config.ts";
import { isWritable, userCacheFolder } from "./cache-folder.ts";
import { isClone, packageRoot } from "./package-root.ts";
import { buildPage } from "./page-build.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

/** Built pages that no command has used for so long are removed. */
const keptMilliseconds = 24 * 3600_000;

/**
 * The folder of a built page: dist in the npm package; in a clone a cache, keyed by what the page is made of, so that
 * it is never stale. Two commands may build the same page at once.
 */
export async function builtPage(page: Page): Promise<string> {
  if (!isClone) return join(packageRoot, "dist", "pages", page);
  for (;;) {
    const name = `${page}-${hashSources(page)}`;
    const existing = caches()
      .map((cache) => join(cache, name))
      .find((folder) => isReadable(join(folder, `${page}.html`)));
    if (existing) {
      keep(existing);
      return existing;
    }
    const cache = caches().find(isWritable) ?? (temporary ??= new TemporaryFolder()).path;
    await build(page, cache, name);
  }
}

/** Serves this command alone, where no cache can be written. */
let temporary: TemporaryFolder | undefined;

/** The second serves users of a clone that is another's. */
function caches(): string[] {
  const user = userCacheFolder();
  return [
    join(packageRoot, "node_modules", ".cache", "alphasweep"),
    ...(user ? [join(user, "alphasweep")] : []),
    ...(temporary ? [temporary.path] : []),
  ];
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Marks a built page as used. */
function keep(folder: string): void {
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // Another user's: that one's commands look after it.
  }
}

/** Puts the built page in its place, unless its sources have changed while it was built. */
async function build(page: Page, cache: string, name: string): Promise<void> {
  const { pageConfiguration } = await import("../../vite.config.ts");
  const part = join(cache, `building-${randomUUID()}`);
  const folder = join(cache, name);
  try {
    await buildPage(pageConfiguration(page, part));
    if (name === `${page}-${hashSources(page)}`) renameSync(part, folder);
  } catch (error) {
    // Another command was quicker.
    if (!isReadable(join(folder, `${page}.html`))) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  removeUnused(cache);
}

function removeUnused(cache: string): void {
  try {
    for (const name of readdirSync(cache)) {
      const path = join(cache, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found && Date.now() - found.mtimeMs > keptMilliseconds)
        rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Another user's: that one's commands look after it.
  }
}

/** What only commands are made of changes no page. */
const hashSources = (page: Page): string => sourceHash(packageRoot, page, ["src/cli"]);

import { createHash, randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join, relative } from "node:path";
import type { Page } from "../../vite.config.ts";
import { isWritable, userCacheFolder } from "./cache-folder.ts";
import { isClone, packageRoot } from "./package-root.ts";
import { buildPage } from "./page-build.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

/** Everything that a page is made of. */
const sources = ["src", "viewer", "bench", "shaders", "experiments", "vite.config.ts", "package-lock.json"];
/** Sources that no page holds: changing them builds no page anew. */
const elsewhere = [join("src", "cli")];

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

function hashSources(page: Page): string {
  const hash = createHash("sha256").update(page);
  for (const file of sources.flatMap((source) => filesUnder(join(packageRoot, source)))) {
    hash.update(`\0${relative(packageRoot, file)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 24);
}

function filesUnder(path: string): string[] {
  if (elsewhere.some((part) => path === join(packageRoot, part))) return [];
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

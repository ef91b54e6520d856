import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheOf, isKept, keepBuild, sourceHash } from "../../../bin/kept-build.js";
import type { Page } from "../../../vite.config.ts";
import { isWritable, userCacheFolder } from "../process/cache-folder.ts";
import { isClone, packageRoot } from "../process/package-root.ts";
import { buildPage } from "./page-build.ts";
import { TemporaryFolder } from "../process/temporary-folder.ts";

/** Built pages that no command has used for so long are removed. */
const keptMilliseconds = 24 * 3600_000;

/**
 * The folder of a built page: dist in the npm package; in a clone a cache, keyed by what the page is made of, so that
 * it is never stale.
 */
export async function builtPage(page: Page): Promise<string> {
  if (!isClone) return join(packageRoot, "dist", "pages", page);
  for (;;) {
    const name = nameOf(page);
    const existing = caches()
      .map((cache) => join(cache, name))
      .find((folder) => isKept(folder, `${page}.html`));
    if (existing) return existing;
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
    cacheOf(packageRoot),
    ...(user ? [join(user, "alphasweep")] : []),
    ...(temporary ? [temporary.path] : []),
  ];
}

async function build(page: Page, cache: string, name: string): Promise<void> {
  const { pageConfiguration } = await import("../../../vite.config.ts");
  await keepBuild(join(cache, name), `${page}.html`, {
    isCurrent: () => name === nameOf(page),
    build: (part) => buildPage(pageConfiguration(page, part)),
  });
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
const nameOf = (page: Page): string => `${page}-${sourceHash(packageRoot, page, ["src/cli"])}`;

/** Clones of this package, for tests of where one lies and of what is missing or wrong in it. */

import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/cli/process/package-root.ts";

/** What the command is run and its pages are built from. */
const command = [
  "bench",
  "bin",
  "experiments",
  "package.json",
  "package-lock.json",
  "shaders",
  "src",
  "viewer",
  "vite.config.ts",
];
/** What more is needed to build the npm package, and to run tests. */
export const work = ["test", "vitest.config.ts", "experiment.schema.json"];

/** Copies the package's sources into a folder, whose packages are still missing. */
export function copySources(clone: string, sources: readonly string[] = command): void {
  for (const name of sources) cpSync(join(packageRoot, name), join(clone, name), { recursive: true });
}

export interface Packages {
  /** Copied, not linked to: such a package looks for others beside the place that it really lies in. */
  copied?: readonly string[];
  /** Which are left out. */
  isMissing?: (name: string) => boolean;
}

/** Links to every package, so that what is made in node_modules is the clone's own. */
export function linkPackages(clone: string, { copied = [], isMissing = () => false }: Packages = {}): void {
  const from = join(packageRoot, "node_modules");
  const names = readdirSync(from)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(from, name)).map((part) => `${name}/${part}`) : name,
    );
  for (const name of names.filter((name) => !isMissing(name))) {
    const to = join(clone, "node_modules", name);
    mkdirSync(join(to, ".."), { recursive: true });
    if (copied.includes(name)) cpSync(join(from, name), to, { recursive: true });
    else symlinkSync(join(from, name), to);
  }
}

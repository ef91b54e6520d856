/**
 * The npm package, built once for all tests that run the command: in a clone each command transforms its sources anew, which
 * takes longer than most of them do. That a clone works, too, test/cli/clone.test.ts and guard.test.ts see.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { copySources, work } from "../cli/clones.ts";

/** @returns the package's folder (package-folder.ts removes it) */
export function builtPackage(): string {
  const folder = inject("package");
  if (existsSync(folder)) return folder;
  const part = mkdtempSync(join(dirname(folder), "building-"));
  copySources(part);
  copySources(part, work);
  symlinkSync(join(packageRoot, "node_modules"), join(part, "node_modules"));
  // As npm builds it, whatever vitest sets.
  const { NODE_ENV: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [join(part, "bin/build.js")], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the package cannot be built: ${stderr}`);
  for (const name of ["src", "viewer", "shaders", "vite.config.ts", ...work])
    rmSync(join(part, name), { recursive: true });
  try {
    renameSync(part, folder);
  } catch {
    // Another file's tests were quicker.
  }
  return folder;
}

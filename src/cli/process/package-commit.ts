import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isClone, packageRoot } from "./package-root.ts";

/**
 * The commit that this program is of: a clone's, with "-dirty" where its sources have changed since; in the npm package the one
 * that it was built from. Undefined where nobody knows.
 */
export function packageCommit(): string | undefined {
  if (!isClone) {
    const file = join(packageRoot, "dist", "commit");
    return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  }
  // A folder that is no clone itself may lie in somebody else's.
  if (!existsSync(join(packageRoot, ".git"))) return undefined;
  const commit = git("rev-parse", "HEAD");
  if (commit === undefined) return undefined;
  return git("status", "--porcelain", "--", "src", "shaders", "package-lock.json")
    ? `${commit}-dirty`
    : commit;
}

function git(...parameters: string[]): string | undefined {
  const { status, stdout } = spawnSync("git", parameters, { cwd: packageRoot, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

import { realpathSync } from "node:fs";
import { isClone, packageRoot } from "./package-root.ts";

/**
 * The line to print where packages are missing, or their parts for this system: after `npm ci --omit`, or where
 * node_modules is another system's. Undefined for all other errors.
 *
 * @param message of a package's, of Node's, or of a bundler's error
 */
export function missingPackages(message: string): string | undefined {
  const [, found] = /Cannot find (?:module|package) '([^']+)'/.exec(message) ?? [];
  const name = found?.replace(/^(\.\.?\/)+|^.*node_modules\//, "");
  if (foreign.test(message) || (name && native.test(name)))
    return `packages for this system (${process.platform} ${process.arch}) are missing${named(name)}: ${mend("npm ci")}`;
  const [, unresolved] =
    /(?:Could not resolve '|failed to resolve import ")([^'".][^'"]*)/.exec(message) ?? [];
  if (unresolved) return `packages are missing${named(unresolved)}: ${mend("npm ci --include=dev")}`;
  return name && `packages are missing${named(name)}: ${mend("npm ci")}`;
}

/** What is said of a part that is made for another system; of one for this system that lacks something, it is that. */
const foreign =
  /native binding|invalid ELF header|wrong ELF class|mach-o|incompatible architecture|not a valid Win32/i;
const native = /\.node$|[-.](android|darwin|freebsd|linux|openharmony|win32)-/;

const named = (name: string | undefined): string => (name ? ` (${name})` : "");

const mend = (command: string): string =>
  isClone ? `run "${command}" in ${realpathSync(packageRoot)}` : "install alphasweep again";

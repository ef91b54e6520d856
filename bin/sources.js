// Runs what lies in this clone through vite, which is never stale: the command, the build, the tests.
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(fileURLToPath(new URL("..", import.meta.url)));

/** What the machine does to a command is told in one line; a mistake in a source keeps its trace. */
function fail(line) {
  console.error(line);
  process.exit(1);
}

/** The line for a failure that is none of the sources', undefined where it may be theirs. */
function lineOf(error) {
  const { code, errno, syscall, message = "" } = error ?? {};
  if (syscall === "uv_cwd") return "the folder that this command was started in is gone";
  // Native parts tell of one that is missing, or another system's, in pages of causes.
  if (/native binding|Cannot find module '[^']*\.node'/.test(message))
    return `alphasweep's packages for this system (${process.platform} ${process.arch}) are missing: run "npm ci" in ${folder}`;
  if (
    code === "ERR_MODULE_NOT_FOUND" &&
    /Cannot find (package|module) '((?![./]|\w:)|[^']*node_modules)/.test(message)
  )
    return `alphasweep's packages are not installed: run "npm ci" in ${folder}`;
  if (errno !== undefined) return `alphasweep cannot be started: ${message.split("\n", 1)[0]}`;
  return undefined;
}

process.on("uncaughtException", (error) => {
  // A command that runs tells of its own failures.
  if (process.listenerCount("uncaughtException") === 1) fail(lineOf(error) ?? error);
});

/** vite takes these for the end of a path. */
const ends = /[#?]/;

/**
 * The folder under a name that vite can read. Where its own has an end in it, a link to it does as long as this process
 * lives; whoever runs sources there must not look behind links (resolve.preserveSymlinks).
 */
function readableFolder() {
  const real = realpathSync(folder);
  // In the path of a package Node itself replaces it by a name that the package exports.
  if (real.includes("*"))
    fail(
      `alphasweep cannot run in ${real}: Node finds no packages where a folder's name holds "*"; rename it`,
    );
  // Where Node was told to keep links, it may have been started through one.
  if (!ends.test(folder)) return folder;
  for (const place of [tmpdir(), "/tmp"])
    try {
      if (!ends.test(place)) return linkIn(place, real);
    } catch {
      // The next place may do.
    }
  const [character] = ends.exec(real);
  fail(
    `alphasweep cannot run in ${real}: vite takes the "${character}" in a folder's name for the end of a path, and no ` +
      `link to it can be made in ${tmpdir()}; rename it, or set TMPDIR to a folder that can be written to`,
  );
}

function linkIn(place, target) {
  const own = mkdtempSync(join(place, "alphasweep-"));
  const link = join(own, "package");
  process.on("exit", () => {
    try {
      // One by one: nothing may ever be removed behind the link.
      unlinkSync(link);
      rmdirSync(own);
    } catch {
      // It was never made, or somebody was quicker.
    }
  });
  // Windows lets everybody make a junction, but not a link.
  symlinkSync(target, link, "junction");
  return link;
}

let root;

/**
 * Runs a module, which does its work while it is imported: vite's environment, which later imports need, closes after it.
 *
 * @param path from the package's folder
 * @returns vite, what the module exports, and the folder by the name that it was found under
 */
export async function runSource(path) {
  const vite = await import("vite");
  root ??= readableFolder();
  const { module } = await vite.runnerImport(join(root, path), {
    root,
    configFile: false,
    logLevel: "error",
    resolve: { preserveSymlinks: realpathSync(root) !== root },
  });
  return { vite, module, root };
}

/**
 * Ends the process where packages are missing that only work on alphasweep itself needs: `npm ci --omit=dev` leaves them out.
 *
 * @param work what needs them, for the message
 */
export function needDevelopmentPackages(work) {
  const { devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const places = createRequire(import.meta.url).resolve.paths("a-package");
  const missing = Object.keys(devDependencies).filter(
    (name) => !places.some((place) => existsSync(join(place, name, "package.json"))),
  );
  if (missing.length > 0)
    fail(
      `${work} needs packages that are not installed (${missing.join(", ")}): run "npm ci --include=dev" in ${folder}`,
    );
}

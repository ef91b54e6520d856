import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { folderFiles } from "../../results/folder.ts";
import type { Manifest } from "../../results/types.ts";
import { UsageError } from "../process/failure.ts";

interface ViewOptions {
  port?: number;
  open: boolean;
}

/** Where the viewer finds a results folder's files: /results/manifest.json, or /results/alpha-sweep/manifest.json, ... */
export const resultsPath = "/results/";

/** Listed where no folder is given. */
const usualFolder = "results";

/** Taken where it is free, so that a bookmark stays right. */
const usualPort = 8265;

export const viewCommand = (): Command =>
  new Command("view")
    .description("open the viewer in your browser, on a results folder, or on a folder of them")
    .argument(
      "[folder]",
      `a results folder, or one that holds some (default: ${usualFolder}, where there is one)`,
    )
    .option(
      "--port <number>",
      `the port on 127.0.0.1 (default: ${usualPort}, or any where that is taken)`,
      port,
    )
    .option("--no-open", "only print the address")
    .addHelpText(
      "after",
      "\nExamples:\n  alphasweep view\n  alphasweep view results/alpha-sweep --port 9000\n  alphasweep view results/reproduced",
    )
    .action(async (folder: string | undefined, options: ViewOptions) => {
      const holdsFolders = folder !== undefined && (await isFolderOfFolders(folder));
      if (folder !== undefined && !holdsFolders) await checkFolder(folder);
      const { url: root, closed } = await serveViewer(folder, options.port);
      const url = holdsFolders ? `${root}#gallery` : root;
      console.log(`the viewer is at ${url} (Ctrl-C ends it)`);
      if (options.open) await openBrowser(url);
      await closed;
    });

export async function checkFolder(folder: string): Promise<void> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(
      `${folder} is not a folder; give a results folder, as in "alphasweep view results/alpha-sweep"`,
    );
  if (!existsSync(join(folder, folderFiles.manifest)))
    throw new UsageError(`${folder} is no results folder: there is no ${folderFiles.manifest}`);
  const status = await statusOf(folder);
  if (status === "finished") return;
  const mend = `"alphasweep run <experiment> --out ${folder} --resume" finishes it`;
  const missing = [folderFiles.runs, folderFiles.history].filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new UsageError(
      `${folder} has no tables yet: its experiment is running or was cut off before ${missing.join(" and ")}; ${mend}`,
    );
  console.error(`${folder} holds what there was when its experiment was ${wordOf[status]}; ${mend}`);
}

async function statusOf(folder: string): Promise<Manifest["status"]> {
  const { parseManifest } = await import("../../results/manifest.ts");
  try {
    return parseManifest(readFileSync(join(folder, folderFiles.manifest))).status;
  } catch (error) {
    throw new UsageError(
      `${folder} cannot be read: ${(error as Error).message}; give another results folder, or run its experiment again`,
    );
  }
}

async function isFolderOfFolders(folder: string): Promise<boolean> {
  if (existsSync(join(folder, folderFiles.manifest))) return false;
  const { foldersIn } = await import("../site/results-listing.ts");
  return foldersIn(folder).length > 0;
}

const wordOf = { running: "last interrupted", interrupted: "interrupted", failed: "ended by an error" };

async function serveViewer(
  folder: string | undefined,
  wanted?: number,
): Promise<{ url: string; closed: Promise<void> }> {
  const [{ builtPage }, { folderMount, serve }, { listingMount }] = await Promise.all([
    import("../runtimes/pages.ts"),
    import("../runtimes/server.ts"),
    import("../site/results-listing.ts"),
  ]);
  const mounts = [
    listingMount(resultsPath, folder ?? usualFolder),
    folderMount("/", await builtPage("index")),
  ];
  const server = await serve(mounts, wanted ?? usualPort).catch((error: NodeJS.ErrnoException) => {
    if (wanted === undefined && error.code === "EADDRINUSE") return serve(mounts);
    throw new Error(
      `port ${wanted ?? usualPort} cannot be used: ${reasons[error.code ?? ""] ?? error.message}; choose another with --port`,
    );
  });
  const closed = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => void server.close().then(resolve));
  });
  return { url: server.url, closed };
}

const reasons: Record<string, string> = {
  EADDRINUSE: "it is taken",
  EACCES: "permission denied",
};

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535.");
  return value;
}

/** The user's own browser, where there is a screen; that it does not open is no failure. */
export async function openBrowser(url: string): Promise<void> {
  const [program, ...parameters] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const { spawn } = await import("node:child_process");
  spawn(program, parameters, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

/** The results folders below a folder, as the viewer lists and reads them. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { changedTraining } from "../../../viewer/figures/changed-training.ts";
import { parseClaims } from "../../results/claims.ts";
import type { Json } from "../../document/types.ts";
import { parseExperiment } from "../../experiment/experiment.ts";
import { folderFiles } from "../../results/folder.ts";
import type { ListedFolder, Listing } from "../../results/listing.ts";
import { parseManifest } from "../../results/manifest.ts";
import { builtInPath } from "../experiment/built-in.ts";
import { folderMount, type Mount } from "../runtimes/server.ts";

/** The list's own name. */
export const listingFile = "index.json";

/** `reproduce --out results/reproduced` writes two folders deep. */
const deepest = 3;

/** Only what a results folder holds: the rest of a folder is nobody's business. */
export function isResult(name: string): boolean {
  const { manifest, runs, history, claims, arrays } = folderFiles;
  return (
    [manifest, runs, history, claims].some((file) => file === name) ||
    new RegExp(`^${arrays}/[\\w-]+\\.npy$`).test(name)
  );
}

const isResultsFolder = (path: string): boolean => existsSync(join(path, folderFiles.manifest));

/** Results folders in a folder, by their addresses in it; an empty one is the folder itself. */
export function foldersIn(root: string): string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    const path = join(root, folder);
    if (isResultsFolder(path)) found.push(folder);
    else if (depth < deepest) for (const name of subfolders(path)) walk(`${folder}${name}/`, depth + 1);
  };
  walk("", 0);
  return found;
}

function subfolders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  } catch {
    return [];
  }
}

/** What a folder holds, and what is to be said of it. */
export async function listFolder(root: string, folder: string): Promise<ListedFolder> {
  const path = join(root, folder);
  const listed: ListedFolder = {
    folder,
    name: basename(path),
    status: "",
    runs: null,
    seconds: 0,
    adapter: "",
    verdicts: [],
    files: filesIn(path),
  };
  try {
    const { name, status, seconds, adapter, document } = parseManifest(
      readFileSync(join(path, folderFiles.manifest)),
    );
    const known = adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(" ");
    Object.assign(listed, { name, status, seconds, adapter: known });
    if (folderFiles.runs in listed.files)
      listed.runs = Number(
        (await parquetMetadataAsync(await asyncBufferFromFile(join(path, folderFiles.runs)))).num_rows,
      );
    const changed = changedOf(name, document, listed.runs);
    if (changed !== "") listed.changed = changed;
    if (folderFiles.claims in listed.files)
      listed.verdicts = parseClaims(readFileSync(join(path, folderFiles.claims))).map(
        ({ verdict }) => verdict,
      );
  } catch (error) {
    listed.problem = (error as Error).message.split("\n", 1)[0];
  }
  return listed;
}

/** What a training has changed of the built-in document of its name; nothing where there is none. */
function changedOf(name: string, document: Json, runs: number | null): string {
  const path = builtInPath(name);
  if (path === undefined || runs === null) return "";
  return changedTraining(document, runs, parseExperiment(readFileSync(path, "utf8"), name));
}

function filesIn(path: string): Record<string, number> {
  const arrays = subfolders(path).includes(folderFiles.arrays)
    ? readdirSync(join(path, folderFiles.arrays)).map((name) => `${folderFiles.arrays}/${name}`)
    : [];
  return Object.fromEntries(
    [...readdirSync(path), ...arrays]
      .filter(isResult)
      .map((name): [string, number] => [name, statSync(join(path, name)).size]),
  );
}

/** The list of the folders below one, made anew whenever it is asked for, and their files. */
export function listingMount(path: string, root: string): Mount {
  const files = folderMount(path, root, (name) => {
    const [, folder, file] = /^((?:[^/]+\/)*?)((?:arrays\/)?[^/]+)$/.exec(name) ?? [];
    return file !== undefined && isResult(file) && isResultsFolder(join(root, folder));
  });
  return {
    path,
    find: async (name) => {
      if (name !== listingFile) return files.find(name);
      const folders = await Promise.all(foldersIn(root).map((folder) => listFolder(root, folder)));
      const listing: Listing = { title: "On this disk", folders };
      return Buffer.from(JSON.stringify(listing));
    },
  };
}

/** Results from a folder, wherever its files are: behind the command's server, or on the user's disk. */

import type { ListedFolder, Listing } from "../../src/results/listing.ts";
import { writeAddress } from "./address.ts";

/** Files of a results folder by their path in it. */
export interface ResultsFolder {
  /** Bytes of a file; undefined where there is none. */
  size(path: string): Promise<number | undefined>;
  read(path: string): Promise<ArrayBuffer | undefined>;
}

export const manifestFile = "manifest.json";

/**
 * The folder behind an address that ends with a slash.
 *
 * @param files bytes of what it holds, where that is known: nothing else is asked for then
 */
export const servedFolder = (address: string, files?: Readonly<Record<string, number>>): ResultsFolder => ({
  async size(path) {
    if (files) return files[path];
    const response = await fetch(address + path, { method: "HEAD" });
    const length = response.headers.get("content-length");
    return response.ok && length !== null ? Number(length) : undefined;
  },
  async read(path) {
    if (files && !(path in files)) return undefined;
    const response = await fetch(address + path);
    return response.ok ? response.arrayBuffer() : undefined;
  },
});

/** Where a server lists its results folders, from the page's own address. */
const listingAddress = "results/";

let listed: Promise<Listing> | undefined;

/** The results folders that the page's server has; none where it has no list. */
export const servedListing = (): Promise<Listing> =>
  (listed ??= fetch(`${listingAddress}index.json`)
    .then((response) => response.json() as Promise<Listing>)
    .catch(() => ({ title: "", folders: [] })));

/** Where the page shows a folder of the list. */
export const addressOf = ({ folder }: ListedFolder): string =>
  writeAddress({ view: "results", ...(folder !== "" && { folder }) });

/** A folder of the list. */
export const listedFolder = ({ folder, files }: ListedFolder): ResultsFolder =>
  servedFolder(listingAddress + folder.split("/").map(encodeURIComponent).join("/"), files);

/**
 * The folder that a user has chosen, or the one in it that holds results.
 *
 * @throws Error where none does
 */
export const chosenFolder = (files: readonly File[]): ResultsFolder =>
  givenFolder(new Map(files.map((file) => [file.webkitRelativePath || file.name, file])));

/** The same, of files by their paths. */
export function givenFolder(files: ReadonlyMap<string, Blob>): ResultsFolder {
  const manifest = manifestIn(files);
  if (manifest === undefined)
    throw new Error(`there is no ${manifestFile} in this folder: it holds no results`);
  const prefix = manifest.slice(0, -manifestFile.length);
  return {
    size: async (path) => files.get(prefix + path)?.size,
    read: async (path) => files.get(prefix + path)?.arrayBuffer(),
  };
}

/** The outermost manifest among files, where there is one. */
export const manifestIn = (files: ReadonlyMap<string, Blob>): string | undefined =>
  [...files.keys()]
    .filter((path) => path === manifestFile || path.endsWith(`/${manifestFile}`))
    .sort((a, b) => a.split("/").length - b.split("/").length)[0];

/** Whether there are results at all; a server without any may say so with a manifest of `null`, which is no error. */
export const holdsResults = async (folder: ResultsFolder): Promise<boolean> => {
  try {
    const manifest = await folder.read(manifestFile);
    return manifest !== undefined && new TextDecoder().decode(manifest).trim() !== "null";
  } catch {
    return false;
  }
};

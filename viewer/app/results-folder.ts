/** Results from a folder, wherever its files are: behind the command's server, or on the user's disk. */

/** Files of a results folder by their path in it. */
export interface ResultsFolder {
  /** Bytes of a file; undefined where there is none. */
  size(path: string): Promise<number | undefined>;
  read(path: string): Promise<ArrayBuffer | undefined>;
}

export const manifestFile = "manifest.json";

/** The folder behind an address that ends with a slash. */
export const servedFolder = (address: string): ResultsFolder => ({
  async size(path) {
    const response = await fetch(address + path, { method: "HEAD" });
    const length = response.headers.get("content-length");
    return response.ok && length !== null ? Number(length) : undefined;
  },
  async read(path) {
    const response = await fetch(address + path);
    return response.ok ? response.arrayBuffer() : undefined;
  },
});

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

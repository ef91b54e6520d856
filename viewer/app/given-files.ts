/** Files that the user drops anywhere or picks: results, a document, or data. */

import { unpackFiles } from "../page/archive.ts";

/** Files by their paths in what was given. */
export type GivenFiles = Map<string, Blob>;

/** What was dropped, folders with all that is in them. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<GivenFiles> {
  const given: GivenFiles = new Map();
  // Entries are gone once the event is over: all are taken before the first is read.
  const entries = [...items].map((item) => item.webkitGetAsEntry());
  const loose = [...files];
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      given.set(entry.fullPath.replace(/^\//, ""), file);
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const read = () =>
      new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    // A reader gives a hundred at a time, and none at the end.
    for (let some = await read(); some.length > 0; some = await read())
      for (const inner of some) await walk(inner);
  };
  for (const entry of entries) if (entry) await walk(entry);
  if (given.size === 0) for (const file of loose) given.set(file.name, file);
  return unpacked(given);
}

/** What was picked. */
export const pickedFiles = (files: readonly File[]): Promise<GivenFiles> =>
  unpacked(new Map(files.map((file) => [file.webkitRelativePath || file.name, file])));

/** A ZIP file alone stands for what is in it. */
async function unpacked(given: GivenFiles): Promise<GivenFiles> {
  const [[name, file] = ["", new Blob()]] = given;
  if (given.size !== 1 || !/\.zip$/i.test(name)) return given;
  const inner = unpackFiles(new Uint8Array(await file.arrayBuffer()));
  return new Map(Array.from(inner, ([path, bytes]) => [path, new Blob([bytes])]));
}

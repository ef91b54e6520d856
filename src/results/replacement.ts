import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A file written under another name and renamed when it is whole and on disk, so that nobody finds half of it: a
 * reader sees the old file or the new one.
 */
export class Replacement {
  readonly #path: string;
  readonly #part: string;
  #file: number | undefined;

  /** What a file is called until it is whole. */
  static partOf(path: string): string {
    return `${path}.part`;
  }

  constructor(path: string) {
    this.#path = path;
    this.#part = Replacement.partOf(path);
    this.#file = openSync(this.#part, "w");
  }

  append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.#file!, bytes, written, bytes.length - written);
  }

  finish(): void {
    fsyncSync(this.#file!);
    this.#close();
    renameSync(this.#part, this.#path);
    syncFolder(dirname(this.#path));
  }

  abandon(): void {
    this.#close();
    rmSync(this.#part, { force: true });
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Makes a rename outlast a power failure, where the system lets a folder be synced (Windows does not). */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const file = openSync(folder, "r");
  fsyncSync(file);
  closeSync(file);
}

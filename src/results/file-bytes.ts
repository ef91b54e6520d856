/** All bytes of a piece of a file: one call of the system may read or write fewer. */

import { readSync, writeSync } from "node:fs";

/** @throws Error where the file ends before that */
export function readBytes(file: number, bytes: Uint8Array, position: number): void {
  for (let filled = 0; filled < bytes.length;) {
    const read = readSync(file, bytes, filled, bytes.length - filled, position + filled);
    if (read === 0) throw new Error("a file ends too early; has another program changed it?");
    filled += read;
  }
}

export function writeBytes(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
}

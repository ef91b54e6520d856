/** A folder as one ZIP file. */

import { unzipSync, zipSync } from "fflate";

/** The earliest day that the format knows: the same bytes every time. */
const mtime = new Date(1980, 0, 1);

/** Bytes by path as a ZIP file; they are stored as they are: tables are compressed already, and arrays are numbers. */
export const packFiles = (files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> =>
  zipSync(Object.fromEntries(files), { level: 0, mtime });

/**
 * The files of a ZIP file.
 *
 * @throws Error where it is none, or one of another kind
 */
export function unpackFiles(archive: Uint8Array): Map<string, Uint8Array<ArrayBuffer>> {
  const files = Object.entries(unzipSync(archive));
  return new Map(files.filter(([path]) => !path.endsWith("/")));
}

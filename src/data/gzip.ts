/**
 * gzip files (RFC 1952): members, one after the other, which make one file together; bgzip writes many, as `cat` does of
 * several files. Zeros may fill up what follows the last one, as on tapes; anything else is refused, where `gzip -dc` warns.
 * Browsers and Node inflate too, but not the same files: what may follow the first member differs.
 */

import type { Inflate } from "pako";
import { DocumentError } from "../document/error.ts";
import type { Files } from "./kind.ts";

/** Most bytes that a file may inflate to: a small file can ask for all memory. */
export const mostInflatedBytes = 2 ** 30;

const chunkSize = 2 ** 18;

/** No CSV, .npy or IDX file starts so. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The same files, those that are gzipped inflated (by content, whatever their names); the others are passed on as they are.
 * Callers await this before `loadDataset`: between files there is time for an interrupt.
 *
 * @param most most bytes that a file may inflate to
 * @throws DocumentError naming a file that is damaged, cut short or too large
 */
export async function inflateFiles(files: Files, most = mostInflatedBytes): Promise<Files> {
  if (![...files.values()].some(isGzip)) return files;
  const { Inflate } = await import("pako");
  const inflated = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    inflated.set(
      name,
      isGzip(bytes) ? inflate(new Inflate({ windowBits: 31, chunkSize }), bytes, name, most) : bytes,
    );
    if (isGzip(bytes)) await new Promise((resolve) => setTimeout(resolve));
  }
  return inflated;
}

function inflate(inflating: Inflate, bytes: Uint8Array, file: string, most: number): Uint8Array {
  const refused = (problem: string) => new DocumentError(file, `is gzipped, and ${problem}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  inflating.onData = (data) => {
    const chunk = data as Uint8Array;
    length += chunk.length;
    if (length > most)
      throw new DocumentError(file, `inflates to more than ${most} bytes, the most that are read`);
    chunks.push(chunk);
  };
  inflating.push(bytes, true);
  // Of these its types say nothing.
  const { ended, strm } = inflating as unknown as { ended: boolean; strm: { next_in: number } };
  const read = strm.next_in;
  if (inflating.err) throw refused(`damaged: ${inflating.msg || "no DEFLATE data"} before byte ${read}`);
  if (!ended) throw refused("cut short, or followed by something else");
  if (bytes.subarray(read).some((byte) => byte !== 0))
    throw refused(`its data end at byte ${read} of ${bytes.length}; only zeros may follow`);
  const result = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

import { DocumentError } from "../document/error.ts";
import type { Files } from "./kind.ts";

/** Most bytes that a file may inflate to: a small file can ask for all memory. */
export const mostInflatedBytes = 2 ** 30;

/** No CSV, .npy or IDX file starts so. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The same files, those that are gzipped inflated (by content, whatever their names); the others are passed on as they are.
 * Decompression streams are asynchronous and loading data is not, so callers await this before `loadDataset`.
 *
 * @param most most bytes that a file may inflate to
 * @throws DocumentError naming a file that is damaged, cut short or too large
 */
export async function inflateFiles(files: Files, most = mostInflatedBytes): Promise<Files> {
  const inflated = new Map<string, Uint8Array>();
  // One at a time, so that two large ones are never held twice at once.
  for (const [name, bytes] of files) {
    inflated.set(name, isGzip(bytes) ? await inflate(bytes, name, most) : bytes);
  }
  return inflated;
}

async function inflate(bytes: Uint8Array, file: string, most: number): Promise<Uint8Array> {
  // DOM's types ask for bytes that no other thread shares, which a copy in a Blob is.
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = stream.pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: Error) => {
      throw new DocumentError(file, `is gzipped, and damaged or cut short (${error.message})`);
    });
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new DocumentError(file, `inflates to more than ${most} bytes, the most that are read`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

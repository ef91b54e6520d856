/**
 * gzip files (RFC 1952): members, one after the other, which make one file together; bgzip writes many, as `cat` does of
 * several files. Zeros may fill up what follows the last one, as on tapes; anything else is refused, where `gzip -dc` warns.
 *
 *   1f 8b 08 flags  time (4 bytes)  extra flags, system  what the flags name  DEFLATE data  CRC-32  length modulo 2^32
 */

import { DocumentError } from "../document/error.ts";
import { CutShort, Damaged, inflate, Inflated, TooLong } from "./inflate.ts";
import type { Files } from "./kind.ts";

/** Most bytes that a file may inflate to: a small file can ask for all memory. */
export const mostInflatedBytes = 2 ** 30;

const deflated = 8;
const flags = { checksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
const fixedHeaderBytes = 10;
const trailerBytes = 8;

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
  const inflated = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    inflated.set(name, isGzip(bytes) ? inflateMembers(bytes, name, most) : bytes);
    if (isGzip(bytes)) await new Promise((resolve) => setTimeout(resolve));
  }
  return inflated;
}

function inflateMembers(bytes: Uint8Array, file: string, most: number): Uint8Array {
  const to = new Inflated(most);
  let member = 0;
  const refused = (problem: string) => new DocumentError(file, `is gzipped, and ${problem}`);
  try {
    let at = 0;
    // A last byte may be the first of a member that is cut off.
    while (bytes[at] === 0x1f && (bytes[at + 1] === 0x8b || at + 1 === bytes.length)) {
      member += 1;
      at = inflateMember(bytes, at, to);
    }
    if (bytes.subarray(at).some((byte) => byte !== 0))
      throw refused(`its data end at byte ${at} of ${bytes.length}; only zeros may follow`);
  } catch (error) {
    if (error instanceof TooLong)
      throw new DocumentError(file, `inflates to more than ${most} bytes, the most that are read`);
    if (error instanceof CutShort) throw refused(`cut short: it ends within member ${member}`);
    if (error instanceof Damaged) throw refused(`damaged: member ${member} has ${error.message}`);
    throw error;
  }
  return to.bytes.slice(0, to.length);
}

/** @returns the byte after the member */
function inflateMember(bytes: Uint8Array, start: number, to: Inflated): number {
  const data = start + headerBytes(bytes.subarray(start));
  const before = to.length;
  const end = inflate(bytes, data, to);
  if (end + trailerBytes > bytes.length) throw new CutShort();
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end);
  const [checksum, wanted] = [crc32(to.bytes.subarray(before, to.length)), trailer.getUint32(0, true)];
  if (checksum !== wanted) throw new Damaged(`the checksum ${hex(checksum)}, and says ${hex(wanted)}`);
  const [length, told] = [(to.length - before) >>> 0, trailer.getUint32(4, true)];
  if (length !== told) throw new Damaged(`${length} bytes, and says ${told}`);
  return end + trailerBytes;
}

/** How long a member's header is. */
function headerBytes(bytes: Uint8Array): number {
  let at = fixedHeaderBytes;
  const need = (end: number): void => {
    if (end > bytes.length) throw new CutShort();
  };
  need(at);
  const [, , method, flag] = bytes;
  if (method !== deflated) throw new Damaged(`compression method ${method}; allowed is ${deflated}, deflate`);
  if (flag & flags.reserved) throw new Damaged("flags that nothing is known of");
  if (flag & flags.extra) {
    need(at + 2);
    at += 2 + bytes[at] + 256 * bytes[at + 1];
  }
  for (const named of [flags.name, flags.comment]) {
    if (!(flag & named)) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) throw new CutShort();
    at = zero + 1;
  }
  if (flag & flags.checksum) {
    need(at + 2);
    const wanted = bytes[at] + 256 * bytes[at + 1];
    if ((crc32(bytes.subarray(0, at)) & 0xffff) !== wanted) throw new Damaged("a header of another checksum");
    at += 2;
  }
  need(at);
  return at;
}

const hex = (word: number): string => word.toString(16).padStart(8, "0");

/** Remainders of every byte, of the polynomial 04c11db7 with its bits reversed. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = (byte >>> 1) ^ (byte & 1 ? 0xedb88320 : 0);
  return byte;
});

/** Node has one of its own, pages have none. */
function crc32(bytes: Uint8Array): number {
  let rest = -1;
  for (let at = 0; at < bytes.length; at++) rest = (rest >>> 8) ^ remainders[(rest ^ bytes[at]) & 0xff];
  return ~rest >>> 0;
}

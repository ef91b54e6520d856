import { snappyUncompress } from "hyparquet";

/** Bytes after the tag that hold a copy's offset, by kind. */
const offsetBytes = [0, 1, 2, 4];

/**
 * Expands Snappy data from anyone.
 *
 * @param size bytes that must come of it
 * @throws Error where the data contradict it, or themselves
 */
export function expandSnappy(bytes: Uint8Array, size: number): Uint8Array {
  if (size < 0 || sizeOf(bytes) !== size) throw new Error("compressed data of a wrong size");
  const expanded = new Uint8Array(size);
  if (size > 0) snappyUncompress(bytes, expanded);
  return expanded;
}

/**
 * What the elements make together. hyparquet reads a length of four bytes as a signed number: one below zero takes it
 * back to where it was, for ever.
 *
 * @returns NaN where an element ends past the data or copies what is not there
 */
function sizeOf(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] >= 0x80) at += 1;
  at += 1;
  let made = 0;
  const number = (length: number): number => {
    let value = 0;
    for (let place = 0; place < length; place += 1) value += bytes[at + place] * 2 ** (8 * place);
    at += length;
    return value;
  };
  while (at < bytes.length) {
    const tag = bytes[at];
    at += 1;
    const kind = tag & 3;
    let length = (tag >>> 2) + 1;
    if (kind === 0) {
      if (length > 60) length = number(length - 60) + 1;
      at += length;
    } else {
      let offset = number(offsetBytes[kind]);
      if (kind === 1) {
        length = ((tag >>> 2) & 7) + 4;
        offset += (tag >>> 5) << 8;
      }
      if (!(offset > 0 && offset <= made)) return NaN;
    }
    if (!(at <= bytes.length)) return NaN;
    made += length;
  }
  return made;
}

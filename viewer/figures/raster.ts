/** A matrix as an image: one pixel an entry, as a PNG that any SVG can hold. */

import { rgb } from "d3";
import { encodeBase64 } from "./base64.ts";

/** Most bytes in one stored block of a deflate stream. */
const storedBlock = 0xffff;

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/** A zlib stream of stored blocks: no compression, and no library. */
function store(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / storedBlock));
  const stream = new Uint8Array(2 + 5 * blocks + bytes.length + 4);
  const view = new DataView(stream.buffer);
  stream.set([0x78, 0x01]);
  let at = 2;
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * storedBlock, (block + 1) * storedBlock);
    stream[at] = block === blocks - 1 ? 1 : 0;
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, ~part.length & 0xffff, true);
    stream.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, adler32(bytes));
  return stream;
}

/** Red, green, blue, 0 to 255. */
export type Pixel = readonly [number, number, number];

/** @returns a data URL */
export function rasterize(
  rows: number,
  columns: number,
  pixel: (row: number, column: number) => Pixel,
): string {
  const scanlines = new Uint8Array(rows * (1 + 3 * columns));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    at++; // every scanline starts with its filter, none
    for (let column = 0; column < columns; column++) {
      scanlines.set(pixel(row, column), at);
      at += 3;
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, columns);
  view.setUint32(4, rows);
  header.set([8, 2], 8); // 8 bits a channel, red green blue
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const pieces = [
    signature,
    chunk("IHDR", header),
    chunk("IDAT", store(scanlines)),
    chunk("IEND", new Uint8Array()),
  ];
  const png = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    png.set(piece, offset);
    offset += piece.length;
  }
  return `data:image/png;base64,${encodeBase64(png)}`;
}

export function pixelOf(colour: string): Pixel {
  const { r, g, b } = rgb(colour);
  return [r, g, b];
}

/** The pixels of a scale at 257 places, the middle one of them: its colours are mixed once a place, not once an entry. */
export function tabulate(scale: (place: number) => string): (place: number) => Pixel {
  const table = Array.from({ length: 257 }, (_, k) => pixelOf(scale(k / 256)));
  return (place) => table[Math.max(0, Math.min(256, Math.round(place * 256)))];
}

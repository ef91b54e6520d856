/**
 * IDX files of unsigned bytes, as MNIST's (yann.lecun.com/exdb/mnist). All numbers are big-endian.
 *
 *   00 00  element type (08: unsigned byte)  number of axes  length of each axis (4 bytes)  elements, C order
 */

import { DocumentError } from "../document/error.ts";

const unsignedByte = 0x08;

const hex = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/**
 * Reads an IDX file of unsigned bytes. Nothing is allocated: the elements are a view of the bytes.
 *
 * @param axes what the file holds along each axis, for messages: ["images", "rows", "columns"]
 * @param file name of the file, for messages
 * @throws DocumentError when the bytes are no IDX file of these axes, or one of them is empty
 */
export function readIdx(
  bytes: Uint8Array,
  axes: readonly string[],
  file: string,
): { shape: number[]; elements: Uint8Array } {
  const [zero, alsoZero, type, rank] = bytes;
  if (zero === 0x1f && alsoZero === 0x8b) {
    throw new DocumentError(
      file,
      "is gzipped twice, or was not inflated; IDX files are gzipped once or not at all",
    );
  }
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0) {
    const found = hex(bytes.subarray(0, 4)) || "nothing";
    throw new DocumentError(
      file,
      `is not an IDX file: it starts with ${found}, not 00 00 08 0${axes.length}`,
    );
  }
  if (type !== unsignedByte) {
    throw new DocumentError(file, `holds elements of IDX type ${hex([type])}; allowed is 08, unsigned bytes`);
  }
  if (rank !== axes.length) {
    const [first, ...others] = axes;
    const wanted = others.length > 0 ? `${first} have ${axes.length}: ${axes.join(", ")}` : `${first} have 1`;
    throw new DocumentError(file, `has ${rank} ${rank === 1 ? "axis" : "axes"}; ${wanted}`);
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw new DocumentError(
      file,
      `is cut short: its IDX header takes ${start} bytes, and the file has ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = axes.map((_, axis) => view.getUint32(4 + 4 * axis));
  const empty = shape.indexOf(0);
  if (empty >= 0) throw new DocumentError(file, `holds no ${axes[empty]}: its shape is ${shape.join(" x ")}`);
  // Exact wherever it can equal a number of bytes: partial products of positive numbers are no larger than the whole.
  const wanted = shape.reduce((product, length) => product * length, 1);
  const present = bytes.length - start;
  if (present !== wanted) {
    throw new DocumentError(
      file,
      `${present < wanted ? "is cut short" : "is too long"}: ${shape.join(" x ")} ${axes[0]} take ${wanted} bytes, and ${present} follow the header`,
    );
  }
  return { shape, elements: bytes.subarray(start) };
}

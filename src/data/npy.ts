/**
 * NumPy's array files (numpy.lib.format, versions 1.0 to 3.0), of float32 and float64 in C order. The numbers are
 * little-endian, as is every machine that runs a JavaScript engine with WebGPU.
 *
 *   93 'NUMPY'  major minor  header length (2 bytes; 4 from version 2)  header: a Python dict, padded  numbers
 */

import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";

export interface NpyArray {
  shape: number[];
  /** C order, in the file's own precision. */
  values: Float32Array | Float64Array;
}

const magic = [0x93, ..."NUMPY"].map((c) => (typeof c === "string" ? c.charCodeAt(0) : c));

/** Whether bytes begin as an .npy file does. */
export const isNpy = (bytes: Uint8Array): boolean => magic.every((byte, k) => bytes[k] === byte);

/** Longest header read: version 1.0's limit. Longer ones describe structured arrays, which are not numbers. */
const maxHeader = 65535;

/** Every header ends within so many bytes. */
export const mostNpyHead = 12 + maxHeader;

/** Headers end on a multiple of this, so that the numbers can be mapped in place. */
const alignment = 64;

/** NumPy leaves room for the first axis to grow to this many digits in place, and so does `npyHeader`. */
const growthDigits = 21;

const bytesPerNumber = { "<f4": 4, "<f8": 8 };

/** A shape as NumPy prints it: (), (3,), (3, 5). */
export const describeShape = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;

/**
 * Reads an .npy file. Nothing is allocated before the sizes are known to agree.
 *
 * @param file name of the file, for messages
 * @throws DocumentError when the bytes are not an .npy file of float32 or float64 in C order
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const { shape, type, start } = npyLayout(bytes, bytes.length, file);
  // The copy starts at 0, where typed arrays of any element may start.
  const { buffer } = new Uint8Array(bytes.subarray(start));
  return { shape, values: type === "f4" ? new Float32Array(buffer) : new Float64Array(buffer) };
}

export interface NpyLayout {
  shape: number[];
  type: "f4" | "f8";
  /** Byte of the file at which the numbers start. */
  start: number;
}

/**
 * Where an .npy file has which numbers.
 *
 * @param head the file's first bytes: at least `mostNpyHead` of them, or all
 * @param size bytes of the whole file
 * @param file name of the file, for messages
 * @throws DocumentError when it is not an .npy file of float32 or float64 in C order
 */
export function npyLayout(head: Uint8Array, size: number, file: string): NpyLayout {
  const { header, start } = locateHeader(head, file);
  const { descr, fortran, shape } = parseHeader(header, file);
  if (descr !== "<f4" && descr !== "<f8") {
    throw new DocumentError(
      file,
      `has dtype ${shown(descr)}; allowed are "<f4" and "<f8" (save array.astype("<f8"))`,
    );
  }
  if (fortran) {
    throw new DocumentError(
      file,
      "is in Fortran order; C order is read (save numpy.ascontiguousarray(array))",
    );
  }
  const present = size - start;
  const wanted = shape.reduce((product, length) => product * length, bytesPerNumber[descr]);
  if (present !== wanted) {
    const verdict = present < wanted ? "is cut short" : "is too long";
    throw new DocumentError(
      file,
      `${verdict}: shape ${shown(describeShape(shape))} of "${descr}" takes ${wanted} bytes, and ${present} follow the header`,
    );
  }
  return { shape, type: descr === "<f4" ? "f4" : "f8", start };
}

function locateHeader(bytes: Uint8Array, file: string): { header: string; start: number } {
  if (!isNpy(bytes)) {
    if (isText(bytes))
      throw new DocumentError(
        file,
        `is not an .npy file but text; in Python: numpy.save("${file.replace(/(\.\w+)?$/, ".npy")}", numpy.loadtxt(${JSON.stringify(file)}, delimiter=",", skiprows=1))`,
      );
    const found = Array.from(bytes.subarray(0, magic.length), (byte) => byte.toString(16).padStart(2, "0"));
    const archive =
      bytes[0] === 0x50 && bytes[1] === 0x4b ? " (a zip archive: an .npz? save its arrays apart)" : "";
    throw new DocumentError(
      file,
      `is not an .npy file: it starts with ${found.join(" ") || "nothing"}${archive}, not 93 4e 55 4d 50 59`,
    );
  }
  const [major, minor] = bytes.subarray(6, 8);
  if (bytes.length > 7 && !(major >= 1 && major <= 3 && minor === 0)) {
    throw new DocumentError(file, `is of .npy version ${major}.${minor}; allowed are 1.0, 2.0 and 3.0`);
  }
  const text = major === 1 ? 10 : 12;
  if (bytes.length < text) {
    throw new DocumentError(
      file,
      `is cut short: it ends after ${bytes.length} bytes, inside the .npy header`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeader) {
    throw new DocumentError(file, `has an .npy header of ${length} bytes; at most ${maxHeader} are allowed`);
  }
  const start = text + length;
  if (bytes.length < start) {
    throw new DocumentError(
      file,
      `is cut short: its .npy header takes ${start} bytes, and the file has ${bytes.length}`,
    );
  }
  // Version 3's UTF-8 can differ from Latin-1 only in the names of fields, which no array of numbers has.
  return { header: new TextDecoder("latin1").decode(bytes.subarray(text, start)), start };
}

/** Whether a file begins with printable characters, as tables do. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 0 &&
  bytes.subarray(0, 64).every((byte) => (byte >= 0x20 && byte < 0x7f) || [0x09, 0x0a, 0x0d].includes(byte)) &&
  !(bytes[0] === 0x50 && bytes[1] === 0x4b);

/** One token of a header: a string, a whole number (Python 2 wrote 3L), a truth value or a mark. */
const token = /\s*(?:'([^']*)'|"([^"]*)"|(\d+)L?|(True|False)|([{}(),:]))/y;

interface Header {
  descr: string;
  fortran: boolean;
  shape: number[];
}

/** Parses {'descr': '<f8', 'fortran_order': False, 'shape': (10, 20), }, its keys in any order. */
function parseHeader(text: string, file: string): Header {
  const malformed = (found: string): never => {
    throw new DocumentError(
      file,
      `has a malformed .npy header: ${found}; expected {'descr': '<f8', 'fortran_order': False, 'shape': (10, 20), }`,
    );
  };
  type Value = string | boolean | number[];
  let at = 0;
  const next = () => {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return malformed(shown(text.slice(at).trimStart()));
    const [, single, double, digits, truth, mark] = match;
    at = token.lastIndex;
    return { string: single ?? double, digits, truth, mark };
  };
  const readShape = (): number[] => {
    const shape: number[] = [];
    for (;;) {
      const length = next();
      if (length.mark === ")") return shape;
      if (length.digits === undefined) return malformed("a shape of something other than whole numbers");
      if (!Number.isSafeInteger(Number(length.digits))) {
        throw new DocumentError(
          file,
          `has an axis of length ${shown(length.digits)}; at most 2^53 - 1 is allowed`,
        );
      }
      shape.push(Number(length.digits));
      const { mark } = next();
      if (mark === ")") return shape;
      if (mark !== ",") return malformed("a shape without commas");
    }
  };
  const readValue = (key: string): Value => {
    if (key === "descr" && text.slice(at).trimStart().startsWith("[")) {
      throw new DocumentError(file, `is a structured array; allowed are arrays of "<f4" and "<f8"`);
    }
    const { string, truth, mark } = next();
    if (string !== undefined) return string;
    if (truth !== undefined) return truth === "True";
    return mark === "(" ? readShape() : malformed(`no value of ${shown(key)}`);
  };

  const entries = new Map<string, Value>();
  if (next().mark !== "{") malformed("not a dict");
  for (let open = true; open;) {
    const { string: key, mark } = next();
    if (mark === "}") break;
    if (key === undefined) return malformed("a key that is not a string");
    if (entries.has(key)) malformed(`${shown(key)} twice`);
    if (next().mark !== ":") malformed(`no colon after ${shown(key)}`);
    entries.set(key, readValue(key));
    const after = next().mark;
    if (after !== "," && after !== "}") malformed(`no comma after the value of ${shown(key)}`);
    open = after === ",";
  }
  if (text.slice(at).trim() !== "") malformed(`${shown(text.slice(at).trim())} after the dict`);

  const descr = entries.get("descr");
  const fortran = entries.get("fortran_order");
  const shape = entries.get("shape");
  if (typeof descr !== "string") return malformed("no string 'descr'");
  if (typeof fortran !== "boolean") return malformed("no True or False as 'fortran_order'");
  if (!Array.isArray(shape)) return malformed("no tuple 'shape'");
  if (entries.size > 3) return malformed("more keys than three");
  return { descr, fortran, shape };
}

/**
 * The header of an .npy file, version 1.0, C order, byte for byte what numpy.save writes; the numbers follow it.
 * Its length does not change while the first axis grows, so a writer may overwrite it when it knows the final shape.
 *
 * @param shape axis lengths, whole numbers; [] for a single number
 * @param type little-endian float32 or float64
 * @returns a multiple of 64 bytes
 */
export function npyHeader(shape: readonly number[], type: "f4" | "f8"): Uint8Array {
  const dict = `{'descr': '<${type}', 'fortran_order': False, 'shape': ${describeShape(shape)}, }`;
  const room = shape.length > 0 ? growthDigits - String(shape[0]).length : 0;
  const preamble = magic.length + 4;
  const used = preamble + dict.length + room + 1;
  const length = used + alignment - (used % alignment);
  const header = new Uint8Array(length).fill(" ".charCodeAt(0));
  header.set([...magic, 1, 0, (length - preamble) & 0xff, (length - preamble) >> 8]);
  header.set(new TextEncoder().encode(dict), preamble);
  header[length - 1] = "\n".charCodeAt(0);
  return header;
}

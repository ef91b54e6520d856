import { npyHeader } from "../../src/data/npy.ts";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** An .npy file of these numbers. */
export function npyFile(shape: number[], numbers: number[], type: "f4" | "f8" = "f8"): Uint8Array {
  const values = type === "f4" ? Float32Array.from(numbers) : Float64Array.from(numbers);
  return joined(npyHeader(shape, type), new Uint8Array(values.buffer));
}

/** An IDX file of unsigned bytes, or of another type. */
export function idxFile(shape: number[], elements: ArrayLike<number>, type = 0x08): Uint8Array {
  const lengths = shape.flatMap((length) => [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff));
  return joined(Uint8Array.of(0, 0, type, shape.length, ...lengths), Uint8Array.from(elements));
}

/** An .npy file with this header text, padding included, and this many zero bytes after it. */
export function npyWithHeader(dict: string, payload = 0, version: 1 | 2 | 3 = 1): Uint8Array {
  const length = new Uint8Array(version === 1 ? 2 : 4);
  length.forEach((_, k) => (length[k] = (dict.length >>> (8 * k)) & 0xff));
  return joined(
    latin1("\x93NUMPY"),
    Uint8Array.of(version, 0),
    length,
    latin1(dict),
    new Uint8Array(payload),
  );
}

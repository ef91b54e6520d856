/**
 * Numbers with a small description, as bytes: how blocks travel from the page that trains to the command.
 *
 *   u32 bytes of the whole frame | u32 bytes of the header | header, JSON | columns
 *
 * Little endian (typed arrays are, wherever WebGPU runs). The header lists the columns in order; the header's end and
 * every column's end are padded to a multiple of eight bytes, so that a column can be read where it lies.
 */

import type { Json } from "../document/types.ts";

/** A column of a frame. */
export type FrameColumn = Float64Array | Float32Array | Uint32Array;

export interface Frame {
  /** What the frame holds; its reader knows the kinds. */
  kind: string;
  fields: { [key: string]: Json };
  columns: Record<string, FrameColumn>;
}

/** The bytes are no frame: the two ends disagree, or something else wrote them. */
export class FrameError extends Error {
  override name = "FrameError";
}

const prefixBytes = 8;
const columnTypes = { f8: Float64Array, f4: Float32Array, u4: Uint32Array } as const;
type ColumnType = keyof typeof columnTypes;

interface Header {
  kind: string;
  fields: { [key: string]: Json };
  /** Name, type and length of every column. */
  columns: [string, ColumnType, number][];
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const typeOf = (column: FrameColumn): ColumnType =>
  column instanceof Float64Array ? "f8" : column instanceof Float32Array ? "f4" : "u4";

/** A frame's bytes, in pieces: columns are not copied, so they must not change until the pieces are sent. */
export function encodeFrame(frame: Frame): Uint8Array[] {
  const columns = Object.entries(frame.columns);
  const header: Header = {
    kind: frame.kind,
    fields: frame.fields,
    columns: columns.map(([name, column]) => [name, typeOf(column), column.length]),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(padded(prefixBytes + text.length));
  head.set(text, prefixBytes);
  const pieces: Uint8Array[] = [head];
  for (const [, column] of columns) {
    pieces.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    const padding = padded(column.byteLength) - column.byteLength;
    if (padding > 0) pieces.push(new Uint8Array(padding));
  }
  const total = pieces.reduce((bytes, piece) => bytes + piece.length, 0);
  if (total > 0xffff_ffff) throw new FrameError(`a block of ${total} bytes is too large to send`);
  new Uint32Array(head.buffer, 0, 2).set([total, text.length]);
  return pieces;
}

/** Finds the frames in a stream of bytes that comes in pieces of any size. */
export class FrameReader {
  /** The frame being read; at first only its prefix. */
  #bytes = new Uint8Array(prefixBytes);
  #filled = 0;
  readonly #largest: number;

  /** @param largest refuses frames of more bytes than this, before it allocates them */
  constructor(largest = 2 ** 30) {
    this.#largest = largest;
  }

  /** Takes the next bytes and returns the frames that they complete. */
  push(piece: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let offset = 0;
    while (offset < piece.length) {
      const take = Math.min(piece.length - offset, this.#bytes.length - this.#filled);
      this.#bytes.set(piece.subarray(offset, offset + take), this.#filled);
      this.#filled += take;
      offset += take;
      if (this.#filled < this.#bytes.length) break;
      if (this.#filled === prefixBytes) this.#grow();
      else frames.push(this.#take());
    }
    return frames;
  }

  /** True when no frame is half read. */
  get isAtBoundary(): boolean {
    return this.#filled === 0;
  }

  #grow(): void {
    const [total, header] = new Uint32Array(this.#bytes.buffer, 0, 2);
    if (total > this.#largest)
      throw new FrameError(`a frame of ${total} bytes; at most ${this.#largest} are taken`);
    if (total % 8 !== 0 || header < 2 || padded(prefixBytes + header) > total)
      throw new FrameError(`a frame of ${total} bytes with a header of ${header}`);
    const bytes = new Uint8Array(total);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }

  #take(): Frame {
    const frame = decodeFrame(this.#bytes);
    this.#bytes = new Uint8Array(prefixBytes);
    this.#filled = 0;
    return frame;
  }
}

function decodeFrame(bytes: Uint8Array<ArrayBuffer>): Frame {
  const headerBytes = new Uint32Array(bytes.buffer, 0, 2)[1];
  const header = readHeader(new TextDecoder().decode(bytes.subarray(prefixBytes, prefixBytes + headerBytes)));
  let offset = padded(prefixBytes + headerBytes);
  const columns = header.columns.map(([name, type, length]): [string, FrameColumn] => {
    const Column = columnTypes[type];
    const end = offset + padded(length * Column.BYTES_PER_ELEMENT);
    if (end > bytes.length) throw new FrameError(`column ${JSON.stringify(name)} ends past its frame`);
    const column = new Column(bytes.buffer, offset, length);
    offset = end;
    return [name, column];
  });
  if (offset !== bytes.length) throw new FrameError(`${bytes.length - offset} bytes follow the last column`);
  return { kind: header.kind, fields: header.fields, columns: Object.fromEntries(columns) };
}

function readHeader(text: string): Header {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new FrameError("a frame's header is not JSON");
  }
  if (!isHeader(header)) throw new FrameError("a frame's header lacks its kind, fields or columns");
  return header;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null) return false;
  const { kind, fields, columns } = value as Partial<Header>;
  return (
    typeof kind === "string" &&
    typeof fields === "object" &&
    fields !== null &&
    Array.isArray(columns) &&
    columns.every(
      (column) =>
        Array.isArray(column) &&
        typeof column[0] === "string" &&
        Object.hasOwn(columnTypes, column[1]) &&
        Number.isInteger(column[2]) &&
        column[2] >= 0,
    )
  );
}

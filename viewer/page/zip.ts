/** A folder as one ZIP file (PKWARE's APPNOTE 6.3), its files stored as they are: what is in it is compressed already, or is numbers. */

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
/** UTF-8 names. */
const flags = 0x0800;
/** 1 January 1980, midnight: the same bytes every time. */
const date = 0x21;

/** A record of little-endian numbers: [bytes, value]. */
function record(...fields: [2 | 4, number][]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((length, [size]) => length + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/** Bytes by path, at most 4 GiB in all, as the parts of a ZIP file. */
export function zip(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  const size = (list: Uint8Array[]) => list.reduce((sum, { length }) => sum + length, 0);
  for (const [path, bytes] of files) {
    const name = new TextEncoder().encode(path);
    const common: [2 | 4, number][] = [
      [2, 20], // the version that is needed
      [2, flags],
      [2, 0], // stored
      [2, 0],
      [2, date],
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, name.length],
      [2, 0],
    ];
    const start = size(parts);
    directory.push(
      record([4, centralSignature], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, start]),
      name,
    );
    parts.push(record([4, localSignature], ...common), name, bytes);
  }
  const end = record(
    [4, endSignature],
    [2, 0],
    [2, 0],
    [2, files.size],
    [2, files.size],
    [4, size(directory)],
    [4, size(parts)],
    [2, 0],
  );
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

/**
 * The files of a ZIP file whose files are stored or deflated.
 *
 * @throws Error where it is none, or one of another kind
 */
export async function unzip(archive: Blob): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const view = new DataView(bytes.buffer);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== endSignature) end--;
  if (end < 0) throw new Error("it is no ZIP file");
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (view.getUint32(at, true) !== centralSignature) throw new Error("its list of files is damaged");
    const method = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 20, true);
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const content = new Blob([bytes.subarray(start, start + length)]);
    if (method !== 0 && method !== 8) throw new Error(`${path} is compressed in a way that is not known`);
    const stream =
      method === 0 ? content.stream() : content.stream().pipeThrough(new DecompressionStream("deflate-raw"));
    if (!path.endsWith("/")) files.set(path, new Uint8Array(await new Response(stream).arrayBuffer()));
    at += 46 + name + extra + comment;
  }
  return files;
}

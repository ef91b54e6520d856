/** What the page shows, as the part of its address after "#": a link, or Back, shows it again. */

export interface Place {
  /** Which view. */
  view: string;
  /** The document's text, where it is not the one that the page opens with. */
  document?: string;
  /** What figures are set to by hand, by their ids. */
  settings?: Record<string, Record<string, unknown>>;
}

/** Larger text in an address is no document. */
const mostBytes = 2 ** 20;

export async function writeAddress({ view, ...rest }: Place): Promise<string> {
  const isEmpty = rest.document === undefined && Object.keys(rest.settings ?? {}).length === 0;
  return isEmpty ? `#${view}` : `#${view}=${await pack(JSON.stringify(rest))}`;
}

/** @returns the view alone where what follows it was cut or is another program's */
export async function readAddress(hash: string): Promise<Place> {
  const [, view, packed] = /^#?([a-z]*)(?:=([\w-]+))?/.exec(hash) ?? [];
  const place: Place = { view: view || "sweep" };
  if (!packed) return place;
  try {
    const { document, settings } = JSON.parse(await unpack(packed)) as Record<string, unknown>;
    if (typeof document === "string") place.document = document;
    if (isSettings(settings)) place.settings = settings;
  } catch {
    // Shown as if the address ended here.
  }
  return place;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSettings = (value: unknown): value is NonNullable<Place["settings"]> =>
  isRecord(value) && Object.values(value).every(isRecord);

/** Deflated, in the letters that addresses keep (RFC 4648, base64url). */
async function pack(text: string): Promise<string> {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpack(letters: string): Promise<string> {
  const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
    letter.charCodeAt(0),
  );
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}

async function through(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = writable.getWriter();
  // What is wrong with the bytes, the reading end tells.
  void writer
    .write(bytes)
    .then(() => writer.close())
    .catch(() => {});
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = readable.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    length += piece.value.length;
    if (length > mostBytes) throw new Error("too long");
    pieces.push(piece.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What the page shows, as the part of its address after "#": a link, or Back, shows it again. */

import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import type { Filter, Looked } from "../linked/selection.ts";
import { decodeBase64, encodeBase64 } from "../figures/base64.ts";

export interface Place extends Looked {
  /** Which view. */
  view: string;
  /** The document's text, where it is not the one that the page opens with. */
  document?: string;
  /** Of the server's list of results folders. */
  folder?: string;
  /** What figures are set to by hand, by their ids. */
  settings?: Record<string, Record<string, unknown>>;
}

/** Larger text in an address is no document. */
const mostBytes = 2 ** 20;

export function writeAddress({ view, settings = {}, ...rest }: Place): string {
  const hasSettings = Object.keys(settings).length > 0;
  const isEmpty = Object.values(rest).every((part) => part === undefined) && !hasSettings;
  return isEmpty ? `#${view}` : `#${view}=${pack(JSON.stringify({ ...rest, settings }))}`;
}

/** @returns the view alone where what follows it was cut or is another program's */
export function readAddress(hash: string): Place {
  const [, view, packed] = /^#?([a-z]*)(?:=([\w-]+))?/.exec(hash) ?? [];
  const place: Place = { view: view || "sweep" };
  if (!packed) return place;
  try {
    const { document, folder, settings, picked, filters } = JSON.parse(unpack(packed)) as Record<
      string,
      unknown
    >;
    if (typeof document === "string") place.document = document;
    if (typeof folder === "string") place.folder = folder;
    if (isSettings(settings)) place.settings = settings;
    if (Array.isArray(picked)) place.picked = picked.filter((run) => Number.isSafeInteger(run));
    if (isRecord(filters)) place.filters = Object.fromEntries(Object.entries(filters).flatMap(filterOf));
  } catch {
    // Shown as if the address ended here.
  }
  return place;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSettings = (value: unknown): value is NonNullable<Place["settings"]> =>
  isRecord(value) && Object.values(value).every(isRecord);

/** JSON has no infinities: an end without a bound is null there. */
function filterOf([path, filter]: [string, unknown]): [string, Filter][] {
  if (isRecord(filter) && "is" in filter) return [[path, { is: filter.is } as Filter]];
  if (!Array.isArray(filter) || filter.length !== 2) return [];
  const [low, high] = filter as unknown[];
  return [[path, [bound(low, -Infinity), bound(high, Infinity)]]];
}

const bound = (end: unknown, unbounded: number): number => (typeof end === "number" ? end : unbounded);

/** Deflated, in the letters that addresses keep (RFC 4648, base64url). */
const pack = (text: string): string =>
  encodeBase64(deflateSync(strToU8(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** What does not fit is cut, and then no JSON: a short address may stand for gigabytes. */
const unpack = (letters: string): string =>
  strFromU8(
    inflateSync(decodeBase64(letters.replaceAll("-", "+").replaceAll("_", "/")), {
      out: new Uint8Array(mostBytes),
    }),
  );

/** What the library is handed may be any object; what is read is plain JSON, copied so that nobody changes it meanwhile. */

import { DocumentError } from "./error.ts";
import { formatPath, type Path } from "./path.ts";
import { shown } from "./shown.ts";
import type { Json } from "./types.ts";

/** Deeper nesting than any document has, and than every engine's stack can walk. */
export const deepest = 32;

/** @throws DocumentError where the document holds what JSON cannot */
export function plainJson(value: unknown, path: Path = []): Json {
  if (path.length > deepest) {
    throw new DocumentError(formatPath(path.slice(0, 3)), `is nested more than ${deepest} levels deep`);
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    // 1e999 is valid JSON, and reads as Infinity.
    if (!Number.isFinite(value)) throw refused(path, `${value}`, "every number is finite");
    return value + 0; // -0 becomes 0
  }
  if (Array.isArray(value)) return Array.from(value, (entry, index) => plainJson(entry, [...path, index]));
  if (typeof value !== "object") throw refused(path, typeof value, "a document holds JSON values only");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refused(path, "an object of a class", "a document holds JSON values only");
  }
  const copy: { [key: string]: Json } = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key in Object.prototype) {
      const owner = path.length > 0 ? formatPath(path) : "the document";
      throw new DocumentError(
        formatPath([...path, key]),
        `is not a key of ${owner}; no object has a key ${shown(key)}`,
      );
    }
    // As JSON.stringify does: an optional field that is undefined is not there.
    if (entry !== undefined) copy[key] = plainJson(entry, [...path, key]);
  }
  return copy;
}

const refused = (path: Path, value: string, allowed: string) =>
  new DocumentError(path.length > 0 ? formatPath(path) : "the document", `is ${value}; ${allowed}`);

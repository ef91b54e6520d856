/** JSON paths as users write them: `init.alpha`, `sweep[0].path`, `train["step size"]`. */

import { DocumentError } from "./error.ts";
import { shown } from "./shown.ts";
import type { Json } from "./types.ts";

export type Path = readonly (string | number)[];

const plainKey = /^[A-Za-z_$][\w$]*$/;
const written = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d{1,9}\])*$/;

export function formatPath(path: Path): string {
  return path
    .map((part, place) => {
      if (typeof part === "number") return `[${part}]`;
      if (!plainKey.test(part)) return `[${shown(part)}]`;
      return place === 0 ? part : `.${part}`;
    })
    .join("");
}

/** @returns undefined where the text is no path, or leads through what every object inherits (`constructor`) */
export function parsePath(text: string): Path | undefined {
  if (!written.test(text)) return undefined;
  const parts = Array.from(text.matchAll(/[\w$]+/g), ([part]) => (/^\d/.test(part) ? Number(part) : part));
  return parts.some((part) => part in Object.prototype) ? undefined : parts;
}

export const isObject = (value: unknown): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at a path, undefined where there is none. */
export function valueAt(document: Json | undefined, path: Path): Json | undefined {
  let value = document;
  for (const part of path) {
    if (typeof part === "number") value = Array.isArray(value) ? value[part] : undefined;
    else value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/**
 * A copy of the document with one value set; objects on the way are made where they are missing, all else is shared.
 *
 * @throws DocumentError where the path leads through a list entry that is not there
 */
export function withValue(document: Json | undefined, path: Path, value: Json): Json {
  const place = (parent: Json | undefined, depth: number): Json => {
    if (depth === path.length) return value;
    const part = path[depth];
    if (typeof part === "string") {
      const object = isObject(parent) ? parent : {};
      return { ...object, [part]: place(valueAt(object, [part]), depth + 1) };
    }
    if (!Array.isArray(parent) || part >= parent.length) {
      throw new DocumentError(
        formatPath(path.slice(0, depth + 1)),
        "is not there; only entries of a list can be set",
      );
    }
    return parent.with(part, place(parent[part], depth + 1));
  };
  return place(document, 0);
}

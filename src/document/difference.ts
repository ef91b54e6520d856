import { isObject, type Path } from "./path.ts";
import type { Json } from "./types.ts";

/** Where two documents differ, and what each has there. */
export interface Difference {
  path: Path;
  one?: Json | undefined;
  other?: Json | undefined;
}

/** The first difference in the order of the first document, undefined where there is none. */
export function firstDifference(
  one: Json | undefined,
  other: Json | undefined,
  path: Path = [],
): Difference | undefined {
  if (isObject(one) && isObject(other)) {
    const own = (object: { [key: string]: Json }, key: string) =>
      Object.hasOwn(object, key) ? object[key] : undefined;
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = firstDifference(own(one, key), own(other, key), [...path, key]);
      if (found) return found;
    }
    return undefined;
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    for (const [place, value] of one.entries()) {
      const found = firstDifference(value, other[place], [...path, place]);
      if (found) return found;
    }
    return undefined;
  }
  return one === other ? undefined : { path, one, other };
}

/** Where two documents differ, leaf by leaf; lists are compared as wholes. */

import { isObject } from "../../src/document/path.ts";
import type { Json } from "../../src/document/types.ts";

export interface Difference {
  path: string;
  /** undefined where the document does not say. */
  from: Json | undefined;
  to: Json | undefined;
}

export function documentDifferences(from: Json | undefined, to: Json | undefined, path = ""): Difference[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (!isObject(from ?? null) || !isObject(to ?? null)) return [{ path, from, to }];
  const [own, other] = [from, to] as { [key: string]: Json }[];
  return [...new Set([...Object.keys(own), ...Object.keys(other)])].flatMap((key) =>
    documentDifferences(own[key], other[key], path === "" ? key : `${path}.${key}`),
  );
}

import { DocumentError } from "../document/error.ts";

/** The most points of a function that a document may give. */
export const most = 10_000;

export type Point = readonly [x: number, y: number];

/**
 * Points by increasing x.
 *
 * @throws DocumentError where an x comes twice
 */
export function byPlace(points: readonly Point[], place: string): Point[] {
  const sorted = [...points].sort(([one], [other]) => one - other);
  const twice = sorted.find(([x], k) => k > 0 && sorted[k - 1][0] === x);
  if (twice)
    throw new DocumentError(place, `have x = ${twice[0]} twice; a function has one value at every place`);
  return sorted;
}

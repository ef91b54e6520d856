/** What fits into the pixels of a chart: where two points fall on one, a second changes nothing. */

import type { AnyAxisType } from "./extent.ts";

/** An axis and the pixels along it. */
export interface PixelAxis {
  type: AnyAxisType;
  domain: [number, number];
  pixels: number;
  /** Where a "symlog" axis turns from linear to logarithmic. */
  constant?: number | undefined;
}

/** The pixel that a value falls on. */
export function pixel(value: number, { type, domain: [low, high], pixels, constant = 1 }: PixelAxis): number {
  const place =
    type === "log" ? Math.log : type === "symlog" ? (x: number) => Math.log1p(x / constant) : Number;
  return Math.floor(((place(value) - place(low)) / (place(high) - place(low))) * pixels);
}

/** The first point of every kind on each pixel: a hundred thousand points make a file that opens. */
export function firstOnPixels<Point extends { x: number; y: number }>(
  points: readonly Point[],
  axes: { x: PixelAxis; y: PixelAxis },
  kind: (point: Point) => string,
): Point[] {
  const taken = new Set<string>();
  return points.filter((point) => {
    const place = `${pixel(point.x, axes.x)} ${pixel(point.y, axes.y)} ${kind(point)}`;
    if (taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}

/** The points of a chart that can be pointed at. */

import * as Plot from "@observablehq/plot";
import { type Box, type Mark, places } from "./placed-marks.ts";
import type { Theme } from "./theme.ts";

interface Described<Point> {
  text: (point: Point) => string;
  colour: (point: Point) => string;
  theme: Theme;
  /** Which of several panels a point is in. */
  facet?: { fx: (point: Point) => number; fy: (point: Point) => number };
  line?: (point: Point) => string;
  runs?: (point: Point) => readonly number[];
  box?: (point: Point) => Box;
}

/** The point nearest to the pointer, marked and described; nothing in a drawing that no one points at. */
export function pointed<Point extends { x: number; y: number }>(
  points: readonly Point[],
  { text, colour, theme, facet, line, runs, box }: Described<Point>,
): Plot.Markish[] {
  const dot = Plot.dot(
    points,
    Plot.pointer({ ...facet, x: "x", y: "y", r: 4.5, stroke: colour, strokeWidth: 2 }),
  );
  const tip = Plot.tip(
    points,
    Plot.pointer({
      ...facet,
      x: "x",
      y: "y",
      // Texts of all points would be most of the work; only those pointed at are read.
      title: (point: Point) => point,
      format: { title: text },
      fill: theme.surface,
      stroke: theme.grid,
      lineHeight: 1.35,
    }),
  );
  places.set(dot, (drawing) => {
    const scaleOf = (name: "x" | "y") => drawing.scale(name)!.apply as (value: number) => number;
    const [x, y] = [scaleOf("x"), scaleOf("y")];
    // Panels have the first one's scales.
    const shift = (panel: "fx" | "fy", point: Point) => {
      const band = drawing.scale(panel)?.apply as ((band: number) => number) | undefined;
      return facet && band ? band(facet[panel](point)) - band(0) : 0;
    };
    return points.map((point): Mark => {
      const around = box?.(point);
      return {
        x: x(point.x) + shift("fx", point),
        y: y(point.y) + shift("fy", point),
        line: line?.(point) ?? "",
        text: text(point),
        runs: runs?.(point) ?? [],
        ...(around && { box: { x1: x(around.x1), x2: x(around.x2), y1: y(around.y2), y2: y(around.y1) } }),
      };
    });
  });
  return [dot, tip];
}

/** The points of a chart that can be pointed at, read out one by one, and picked. */

import * as Plot from "@observablehq/plot";
import { least } from "d3";
import type { Theme } from "./theme.ts";

/** A point where it is drawn, in pixels of its drawing. */
export interface Mark {
  x: number;
  y: number;
  /** Points of one line share it. */
  line: string;
  /** What the point says. */
  text: string;
  /** The runs that it is of, as the runs table numbers them. */
  runs: readonly number[];
  /** What belongs to the point, where that is not its neighbourhood. */
  box?: Box;
}

interface Box {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
}

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

/** How a mark's points are placed once it is drawn. */
const places = new WeakMap<object, (drawing: Plot.Plot) => Mark[]>();

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
      title: text,
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

const kept = new WeakMap<Element, () => Mark[]>();

/** Keeps the points of a drawing for those who ask; most drawings are never asked. */
export function keepMarks(drawing: SVGSVGElement & Plot.Plot, marks: readonly Plot.Markish[]): void {
  const placing = marks.flatMap((mark) => {
    const place = typeof mark === "object" && mark !== null ? places.get(mark) : undefined;
    return place ? [place] : [];
  });
  if (placing.length === 0) return;
  let placed: Mark[] | undefined;
  kept.set(
    drawing,
    () =>
      (placed ??= placing
        .flatMap((place) => place(drawing))
        .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))),
  );
}

/** The points of a drawing and of those that stand in it, in pixels of the outer one. */
export function marksOf(drawing: SVGSVGElement): Mark[] {
  return [drawing, ...drawing.querySelectorAll("svg")].flatMap((part) => {
    const marks = kept.get(part)?.() ?? [];
    if (part === drawing || marks.length === 0) return marks;
    const [left, top] = ["x", "y"].map((name) => Number(part.getAttribute(name) ?? 0));
    return marks.map((mark) => ({ ...mark, x: mark.x + left, y: mark.y + top, line: `${top} ${mark.line}` }));
  });
}

/** A pointer this far from a point still means it. */
const reach = 24;

/** The point that a place in the drawing means. */
export function markAt(marks: readonly Mark[], x: number, y: number): Mark | undefined {
  const within = ({ box }: Mark) => box && x >= box.x1 && x < box.x2 && y >= box.y1 && y < box.y2;
  const distance = (mark: Mark) => Math.hypot(mark.x - x, mark.y - y);
  const nearest = least(
    marks.filter(({ box }) => !box),
    distance,
  );
  return marks.find(within) ?? (nearest && distance(nearest) <= reach ? nearest : undefined);
}

/** Where the points of a drawing are that can be pointed at, read out one by one, and picked: known without what draws them. */

import type * as Plot from "@observablehq/plot";
import { least } from "d3";

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

export interface Box {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
}

/** How a mark's points are placed once it is drawn. */
export const places = new WeakMap<object, (drawing: Plot.Plot) => Mark[]>();

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

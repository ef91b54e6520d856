/** Runs picked by a click on what shows them, and ranges brushed along a chart's horizontal axis. */

import { markAt, marksOf } from "../figures/placed-marks.ts";
import { element } from "../page/element.ts";

export interface Pointing {
  pick(runs: readonly number[]): void;
  /** A range of what goes along the axis. */
  brush(range: readonly [number, number]): void;
  /** Whether there is anything to brush. */
  brushes(): boolean;
}

/** A pointer that moves no further than this clicks. */
const slack = 6;

/** Lets a holder's drawings, now and later, be pointed at. */
export function pointAt(holder: HTMLElement, { pick, brush, brushes }: Pointing): void {
  const band = element("span", { class: "brush", "aria-hidden": "true" });
  let from: { x: number; part: Part } | undefined;
  let hasBrushed = false;

  const ends = (event: PointerEvent) => {
    const { left, width } = from!.part;
    const at = (x: number) => Math.max(0, Math.min(width, x - left));
    return { low: at(Math.min(from!.x, event.clientX)), high: at(Math.max(from!.x, event.clientX)) };
  };
  // Plot keeps a press near a point to itself.
  holder.addEventListener(
    "pointerdown",
    (event) => {
      hasBrushed = false;
      const part = brushes() && event.button === 0 ? brushable(holder, event) : undefined;
      from = part && { x: event.clientX, part };
    },
    { capture: true },
  );
  holder.addEventListener("pointermove", (event) => {
    if (!from || (!hasBrushed && Math.abs(event.clientX - from.x) <= slack)) return;
    if (!hasBrushed) holder.setPointerCapture(event.pointerId);
    hasBrushed = true;
    const { low, high } = ends(event);
    const { left, top, height } = from.part;
    const outer = holder.getBoundingClientRect();
    band.style.left = `${left - outer.left + low}px`;
    band.style.width = `${high - low}px`;
    band.style.top = `${top - outer.top}px`;
    band.style.height = `${height}px`;
    holder.append(band);
  });
  holder.addEventListener("pointerup", (event) => {
    band.remove();
    if (from && hasBrushed) {
      const { low, high } = ends(event);
      const { invert, range = [0, 0] } = from.part.scale("x")!;
      const value = (x: number) => invert!(Math.max(range[0], Math.min(range[1], x)));
      brush([value(low), value(high)]);
    }
    from = undefined;
  });
  holder.addEventListener("pointercancel", () => {
    band.remove();
    from = undefined;
  });
  holder.addEventListener("click", (event) => {
    if (hasBrushed) return;
    const runs = runsAt(event, holder);
    if (runs.length > 0) pick(runs);
  });
}

interface Scale {
  apply: (value: unknown) => number;
  invert?: (pixel: number) => number;
  range?: readonly number[];
  domain?: readonly unknown[];
  bandwidth?: number;
}

/** A chart, or one of its panels: the scales that are counted from its left edge, and where it is on the screen. */
interface Part {
  scale: (name: string) => Scale | undefined;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The chart that a pointer is in: a drawing, or one that stands in it. Browsers tell only of the outer one. */
function brushable(holder: HTMLElement, { clientX, clientY }: PointerEvent): Part | undefined {
  const drawing = holder.querySelector("svg");
  if (!drawing) return undefined;
  const { left: outerLeft, top: outerTop } = drawing.getBoundingClientRect();
  for (const part of [drawing, ...drawing.querySelectorAll("svg")]) {
    const { scale } = part as { scale?: Part["scale"] };
    if (!scale?.("x")?.invert) continue;
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
      Number(part.getAttribute(name)),
    );
    const [left, top] = [outerLeft + x, outerTop + y];
    const across = within(scale("fx"), clientX, left, width);
    const down = within(scale("fy"), clientY, top, height);
    if (across && down)
      return { scale, left: across.start, width: across.length, top: down.start, height: down.length };
  }
  return undefined;
}

/** The extent of the chart along one axis where a pointer is in it; of the panel, where there are several. */
function within(
  panels: Scale | undefined,
  pointer: number,
  start: number,
  length: number,
): { start: number; length: number } | undefined {
  const extents = panels
    ? panels.domain!.map((panel) => ({ start: start + panels.apply(panel), length: panels.bandwidth! }))
    : [{ start, length }];
  return extents.find((extent) => pointer >= extent.start && pointer < extent.start + extent.length);
}

/** The runs of what is there: of an element that names its own, else of the nearest point. */
function runsAt(event: MouseEvent, holder: HTMLElement): readonly number[] {
  for (let node = event.target as Element | null; node && node !== holder; node = node.parentElement) {
    const { runs } = ((node as { __data__?: unknown }).__data__ ?? {}) as { runs?: readonly number[] };
    if (Array.isArray(runs)) return runs as readonly number[];
  }
  const drawing = holder.querySelector("svg");
  if (!drawing) return [];
  const { left, top } = drawing.getBoundingClientRect();
  return markAt(marksOf(drawing), event.clientX - left, event.clientY - top)?.runs ?? [];
}

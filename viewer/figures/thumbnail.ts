/** A figure as a small picture for either theme: its marks alone, cropped to where they are, in few bytes. */

import type { Results } from "../../src/results/types.ts";
import { type Figure, initialSettings } from "./figure.ts";
import { serialize } from "./serialize.ts";
import { dark, light } from "./theme.ts";

/** Of the drawing; a card is about half as wide. */
const width = 440;
/** A picture that is taller than this share of its width leaves most of a card empty. */
const tall = 0.8;
/** Of that width, how far a simplified line may be from what was drawn. */
const tolerance = 0.8;

/**
 * @param document of linkedom or a browser
 * @returns the text of an SVG file that takes its colours from the `color-scheme` where it stands
 */
export function thumbnail(figure: Figure, results: Results, document: Document): string {
  let drawing = drawn(figure, results, document, width);
  const narrow = extentOf(drawing);
  // What stands one above the other stands side by side where there is room, as on a page.
  if (narrow.height > tall * narrow.width) drawing = drawn(figure, results, document, 2 * width);
  const { x, y, width: across, height } = extentOf(drawing);
  drawing.setAttribute("viewBox", [x, y, across, height].map(Math.round).join(" "));
  for (const name of ["width", "height", "role", "aria-label", "style", "font-family", "font-size"])
    drawing.removeAttribute(name);
  drawing.setAttribute("aria-hidden", "true");
  strip(drawing);
  return serialize(drawing);
}

/** In the colours of both themes. */
function drawn(figure: Figure, results: Results, document: Document, across: number): SVGSVGElement {
  const [drawing, night] = [light, dark].map((theme) =>
    figure.draw(results, { document, width: across, theme }, initialSettings(figure.controls(results))),
  );
  join(drawing, night);
  // Of charts that stand above one another, the first is the figure, and the others explain it.
  for (const below of Array.from(drawing.children)
    .filter(({ localName }) => localName === "svg")
    .slice(1))
    below.remove();
  return drawing;
}

/** Colours that differ become those of either theme; pictures that differ, one for each, which the page's style chooses from. */
function join(day: Element, night: Element): void {
  for (const { name, value } of Array.from(day.attributes)) {
    const other = night.getAttribute(name);
    if (other === value || other === null || !["fill", "stroke"].includes(name)) continue;
    day.removeAttribute(name);
    const style = day.getAttribute("style");
    day.setAttribute("style", `${style ? `${style};` : ""}${name}:light-dark(${value},${other})`);
  }
  const others = Array.from(night.children);
  Array.from(day.children).forEach((child, k) => {
    const other = others[k];
    if (!other) return;
    if (child.localName === "image" && child.getAttribute("href") !== other.getAttribute("href")) {
      child.setAttribute("data-theme", light.name);
      other.setAttribute("data-theme", dark.name);
      child.after(other);
    } else join(child, other);
  });
}

/** What marks are drawn in: the area of the grid, or the whole drawing. */
function extentOf(drawing: SVGSVGElement): { x: number; y: number; width: number; height: number } {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const visit = (node: Element, dx: number, dy: number): void => {
    const [, x = "0", y = "0"] =
      /translate\(([-\d.]+)[ ,]?([-\d.]+)?\)/.exec(node.getAttribute("transform") ?? "") ?? [];
    [dx, dy] = [dx + Number(x), dy + Number(y)];
    if (node.localName === "svg") dy += Number(node.getAttribute("y") ?? 0);
    if (node.localName === "line" && /-grid$/.test(node.parentElement?.getAttribute("aria-label") ?? "")) {
      const [x1, x2, y1, y2] = ["x1", "x2", "y1", "y2"].map((name) => Number(node.getAttribute(name)));
      box.left = Math.min(box.left, x1 + dx);
      box.right = Math.max(box.right, x2 + dx);
      box.top = Math.min(box.top, y1 + dy);
      box.bottom = Math.max(box.bottom, y2 + dy);
    }
    for (const child of Array.from(node.children)) visit(child, dx, dy);
  };
  visit(drawing, 0, 0);
  if (box.right > box.left && box.bottom > box.top)
    return { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
  const [x, y, across, height] = drawing.getAttribute("viewBox")!.split(" ").map(Number);
  return { x, y, width: across, height };
}

/** Removes what is read, and numbers that nobody can see at this size. */
function strip(drawing: Element): void {
  const left = 'text, title, style, [aria-label="legend"], [aria-label="notes"], [aria-label="tip"]';
  for (const node of Array.from(drawing.querySelectorAll(left))) node.remove();
  for (const node of Array.from(drawing.querySelectorAll("*"))) {
    node.removeAttribute("aria-label");
    node.removeAttribute("class");
    const path = node.getAttribute("d");
    if (path !== null) node.setAttribute("d", simplified(path));
    for (const { name, value } of Array.from(node.attributes))
      if (/^(x|y|x1|x2|y1|y2|cx|cy|r|width|height|points)$/.test(name))
        node.setAttribute(name, rounded(value));
  }
  for (const node of Array.from(drawing.querySelectorAll("g")).reverse())
    if (node.children.length === 0) node.remove();
}

const rounded = (text: string): string =>
  text.replace(/-?\d+\.\d+(?:e[-+]?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(1))));

/** A path with fewer points (Ramer, Douglas and Peucker), where it is made of straight lines. */
function simplified(path: string): string {
  if (!/^[ML\d.,\s-]+$/.test(path)) return rounded(path);
  return path
    .split("M")
    .slice(1)
    .map((piece) => piece.split("L").map((point) => point.split(",").map(Number) as Point))
    .map(
      (points) =>
        `M${fewer(points)
          .map((point) => point.map((value) => Number(value.toFixed(1))).join(","))
          .join("L")}`,
    )
    .join("");
}

type Point = [number, number];

function fewer(points: Point[]): Point[] {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)!];
  const length = Math.hypot(last[0] - first[0], last[1] - first[1]);
  let [farthest, place] = [0, 0];
  points.forEach(([x, y], k) => {
    const [dx, dy] = [x - first[0], y - first[1]];
    const distance =
      length > 0
        ? Math.abs(dx * (last[1] - first[1]) - dy * (last[0] - first[0])) / length
        : Math.hypot(dx, dy);
    if (distance > farthest) [farthest, place] = [distance, k];
  });
  if (farthest <= tolerance) return [first, last];
  return [...fewer(points.slice(0, place + 1)), ...fewer(points.slice(place)).slice(1)];
}

/** Drawings one below the other, as one. */

import { select } from "d3";
import type { Frame } from "./figure.ts";
import { fontFamily, fontSize } from "./chart.ts";

const gap = 6;

/** @param label read aloud in place of the drawing */
export function drawStacked(
  label: string,
  drawings: readonly SVGSVGElement[],
  { document, width }: Frame,
): SVGSVGElement {
  const stack = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  let top = 0;
  for (const drawing of drawings) {
    select(drawing).attr("y", top);
    stack.append(drawing);
    top += Number(drawing.getAttribute("height")) + gap;
  }
  const height = top - gap;
  select(stack)
    .attr("role", "img")
    .attr("aria-label", label)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("font-size", fontSize)
    .attr("font-family", fontFamily);
  return stack;
}

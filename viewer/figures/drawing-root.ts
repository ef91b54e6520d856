import { type Selection, select } from "d3";
import { fontFamily, fontSize } from "./chart.ts";
import type { Theme } from "./theme.ts";

/** An empty drawing in the theme's text, its label what is read out. */
export function drawingRoot(
  document: Document,
  width: number,
  height: number,
  theme: Theme,
  label: string,
): { drawing: SVGSVGElement; root: Selection<SVGSVGElement, unknown, null, undefined> } {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const root = select<SVGSVGElement, unknown>(drawing)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("font-family", fontFamily)
    .attr("font-size", fontSize)
    .attr("fill", theme.text)
    .attr("role", "img")
    .attr("aria-label", label);
  return { drawing, root };
}

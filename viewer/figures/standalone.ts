/** A figure on its own: the drawing with its title, on a background, with nothing outside it. */

import { select } from "d3";
import { fontFamily } from "./chart.ts";
import type { Frame } from "./figure.ts";
import { serialize } from "./serialize.ts";
import { wrapText } from "./text.ts";

const padding = 20;
const titleSize = 16;
const titleHeight = 22;

/**
 * @param drawing the figure's drawing, `width` wide; it is changed
 * @returns the text of an SVG file
 */
export function standalone(title: string, drawing: SVGSVGElement, { width, theme }: Frame): string {
  const lines = wrapText(title, titleSize, width);
  const top = padding + lines.length * titleHeight + 6;
  const full = { width: width + 2 * padding, height: Number(drawing.getAttribute("height")) + top + padding };
  const root = select(drawing)
    .attr("width", full.width)
    .attr("height", full.height)
    .attr("viewBox", [-padding, -top, full.width, full.height].join(" "));
  root
    .insert("g", ":first-child")
    .attr("font-family", fontFamily)
    .attr("font-size", titleSize)
    .attr("font-weight", 600)
    .attr("text-anchor", "start")
    .attr("fill", theme.text)
    .selectAll("text")
    .data(lines)
    .join("text")
    .attr("y", (_, k) => padding - top + titleSize + k * titleHeight)
    .text((line) => line);
  root
    .insert("rect", ":first-child")
    .attr("x", -padding)
    .attr("y", -top)
    .attr("width", full.width)
    .attr("height", full.height)
    .attr("fill", theme.background);
  return serialize(drawing);
}

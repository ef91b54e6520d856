/** Drawings side by side, or one below the other where a page is narrow. */

import { select } from "d3";
import { fontSize } from "./chart.ts";
import type { Frame } from "./figure.ts";

export interface Panel {
  title: string;
  draw(frame: Frame): SVGSVGElement;
}

const gap = 32;
const titleHeight = 26;
/** Narrower pages have one panel a row. */
const sideBySideFrom = 620;

/** @param label read aloud in place of the drawing */
export function drawPanels(label: string, panels: readonly Panel[], frame: Frame): SVGSVGElement {
  const { document, width, theme } = frame;
  const columns = width >= sideBySideFrom ? panels.length : 1;
  const panelWidth = Math.floor((width - (columns - 1) * gap) / columns);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const root = select(drawing);
  let top = 0;
  let rowHeight = 0;
  for (const [k, { title, draw }] of panels.entries()) {
    if (k % columns === 0) {
      top += rowHeight;
      rowHeight = 0;
    }
    const left = (k % columns) * (panelWidth + gap);
    const panel = draw({ ...frame, width: panelWidth });
    root
      .append("text")
      .attr("x", left)
      .attr("y", top + fontSize + 1)
      .attr("text-anchor", "start")
      .attr("font-weight", 600)
      .attr("fill", theme.text)
      .text(title);
    select(panel)
      .attr("x", left)
      .attr("y", top + titleHeight);
    drawing.append(panel);
    rowHeight = Math.max(rowHeight, titleHeight + Number(panel.getAttribute("height")) + 8);
  }
  const height = top + rowHeight;
  root
    .attr("role", "img")
    .attr("aria-label", label)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("font-size", fontSize)
    .attr("font-family", "system-ui, sans-serif");
  return drawing;
}

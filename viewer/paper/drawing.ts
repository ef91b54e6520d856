/** A figure for a column of a paper: light, as wide as the column, in a font that it brings. */

import { select } from "d3";
import { fontSize } from "../figures/chart.ts";
import type { Controls, Figure, Settings } from "../figures/figure.ts";
import { serialize } from "../figures/serialize.ts";
import { wrapText } from "../figures/text.ts";
import { light } from "../figures/theme.ts";
import { typeset } from "./typeset.ts";

/** Inches of usual columns: ICML's, NeurIPS's and most journals' are within an eighth of them. */
export const columnWidths = { single: 3.25, double: 6.75 } as const;
export type ColumnWidth = keyof typeof columnWidths;

/** Units of a drawing to an inch, as CSS has them: 12 of them are 9 points. */
export const unitsPerInch = 96;
const fontFamily = "Inter";
/** Scripts that are set as such, and the last tick's label, are wider than figures leave room for. */
const padding = { left: 6, right: 12 };
const titleSize = 13;
const titleHeight = 18;

export interface PaperDrawing {
  svg: string;
  /** Inches. */
  width: number;
  height: number;
}

/**
 * @param style CSS that the drawing brings, such as its font
 * @param title in the drawing, where there is to be one
 */
export function paperDrawing<Shown>(
  figure: Figure<Controls, Shown>,
  results: Shown,
  settings: Settings<Controls>,
  {
    document,
    column,
    title,
    style = "",
  }: { document: Document; column: ColumnWidth; title: boolean; style?: string },
): PaperDrawing {
  const inches = columnWidths[column];
  const width = inches * unitsPerInch;
  const inner = width - padding.left - padding.right;
  const drawing = figure.draw(results, { document, width: inner, theme: light }, settings);
  const lines = title ? wrapText(figure.title, titleSize, inner) : [];
  const top = lines.length * titleHeight;
  const height = Number(drawing.getAttribute("height")) + top;
  for (const node of Array.from(drawing.querySelectorAll('[aria-label="tip"], style'))) node.remove();
  for (const node of Array.from(drawing.querySelectorAll("[font-family], [aria-label]"))) {
    node.removeAttribute("font-family");
    node.removeAttribute("aria-label");
  }
  // Plot says these by style, which not every program reads.
  for (const node of [drawing, ...Array.from(drawing.querySelectorAll("svg"))]) {
    node.removeAttribute("style");
    node.setAttribute("font-size", String(fontSize));
    node.setAttribute("color", light.text);
  }
  const root = select(drawing)
    .attr("width", `${inches}in`)
    .attr("height", `${height / unitsPerInch}in`)
    .attr("viewBox", `${-padding.left} ${-top} ${width} ${height}`)
    .attr("font-family", fontFamily);
  lines.forEach((line, k) =>
    root
      .append("text")
      .attr("font-size", titleSize)
      .attr("font-weight", 600)
      .attr("text-anchor", "start")
      .attr("fill", light.text)
      .attr("y", titleSize - top + k * titleHeight)
      .text(line),
  );
  typeset(drawing, document);
  root
    .insert("rect", ":first-child")
    .attr("x", -padding.left)
    .attr("y", -top)
    .attr("width", width)
    .attr("height", height)
    .attr("fill", light.background);
  if (style) root.insert("style", ":first-child").text(style);
  return { svg: serialize(drawing), width: inches, height: height / unitsPerInch };
}

/** The frame that every chart over two axes shares: legend above, axes with titles and a quiet grid, notes below. */

import * as Plot from "@observablehq/plot";
import { select } from "d3";
import type { Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { layoutLegend, type LegendGroup } from "./legend.ts";
import { textWidth, wrapText } from "./text.ts";
import type { Theme } from "./theme.ts";
import { linearTicks, logTicks } from "./ticks.ts";

export interface Axis {
  title: string;
  type: "linear" | "log";
  domain: [number, number];
  /** Where the ticks are, on an axis of a few whole numbers. */
  ticks?: readonly number[];
}

export interface Chart {
  /** Read aloud in place of the drawing. */
  label: string;
  x: Axis;
  y: Axis;
  legend: LegendGroup[];
  marks: Plot.Markish[];
  /** What the drawing leaves out, and what its marks stand for. */
  notes: string[];
}

export const fontSize = 12;
export const noteSize = 11;
export const fontFamily = "system-ui, sans-serif";
const noteHeight = 16;
const plotHeight = { least: 220, most: 320, share: 0.56 };

export function drawChart(chart: Chart, { document, width, theme }: Frame): SVGSVGElement {
  const legend = layoutLegend(chart.legend, width);
  const notes = wrapNotes(chart.notes, width);
  const height = Math.max(plotHeight.least, Math.min(plotHeight.most, width * plotHeight.share));
  const x = axisTicks(chart.x, Math.max(3, Math.floor(width / 90)));
  const y = axisTicks(chart.y, 7);
  const yTitleTop = legend.height + (legend.height > 0 ? 8 : 0);
  const marginTop = yTitleTop + 26;
  const marginLeft = 10 + Math.max(16, ...y.values.map((value) => textWidth(y.format(value), fontSize)));
  const marginBottom = 46 + notes.length * noteHeight + (notes.length > 0 ? 6 : 0);
  const marginRight = 18;
  const drawing = Plot.plot({
    document,
    width,
    height: height + marginTop + marginBottom,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    style: { fontSize: `${fontSize}px`, color: theme.text, background: "none", overflow: "visible" },
    x: { type: chart.x.type, domain: chart.x.domain, axis: null },
    y: { type: chart.y.type, domain: chart.y.domain, axis: null },
    color: { type: "identity" },
    opacity: { type: "identity" },
    symbol: { type: "identity" },
    marks: [
      Plot.gridY(y.values, { stroke: theme.grid, strokeOpacity: 1 }),
      Plot.gridX(x.values, { stroke: theme.grid, strokeOpacity: 1 }),
      // A tick format of its own would be overruled on a log axis, where d3 blanks labels between the powers of ten.
      Plot.axisY(y.values, { text: y.format, tickSize: 0, tickPadding: 7, label: null, fill: theme.muted }),
      Plot.axisX(x.values, { text: x.format, tickSize: 0, tickPadding: 8, label: null, fill: theme.muted }),
      ...chart.marks,
    ],
  }) as unknown as SVGSVGElement;

  // Plot's style sheet gives the root `height: auto`, which a file of its own must not have; the page has its own.
  drawing.querySelector("style")?.remove();
  const root = select(drawing).attr("class", null).attr("role", "img").attr("aria-label", chart.label);
  legend.draw(root.append("g").attr("aria-label", "legend"), theme);
  root
    .append("text")
    .attr("x", 0)
    .attr("y", yTitleTop + 12)
    .attr("text-anchor", "start")
    .attr("fill", theme.text)
    .text(chart.y.title);
  root
    .append("text")
    .attr("x", width - marginRight)
    .attr("y", height + marginTop + 38)
    .attr("text-anchor", "end")
    .attr("fill", theme.text)
    .text(chart.x.title);
  drawNotes(drawing, notes, height + marginTop + 62, theme.muted);
  return drawing;
}

/** The point nearest to the pointer, marked and described; nothing in a drawing that no one points at. */
export const pointed = <Point extends { x: number; y: number }>(
  points: Point[],
  { text, colour, theme }: { text: (point: Point) => string; colour: (point: Point) => string; theme: Theme },
): Plot.Markish[] => [
  Plot.dot(points, Plot.pointer({ x: "x", y: "y", r: 4.5, stroke: colour, strokeWidth: 2 })),
  Plot.tip(
    points,
    Plot.pointer({ x: "x", y: "y", title: text, fill: theme.surface, stroke: theme.grid, lineHeight: 1.35 }),
  ),
];

/** A running text in the widest of usual faces, over what is estimated of it. */
const widestFace = 1.08;

/** Notes broken into lines. */
export const wrapNotes = (notes: string[], width: number): string[] =>
  notes.flatMap((note) => wrapText(note, noteSize, width / widestFace));

/** Writes lines of notes, the first with its baseline at `y`. */
export function drawNotes(drawing: SVGSVGElement, lines: string[], y: number, colour: string): void {
  select(drawing)
    .append("g")
    .attr("aria-label", "notes")
    .attr("font-size", noteSize)
    .attr("text-anchor", "start")
    .attr("fill", colour)
    .selectAll("text")
    .data(lines)
    .join("text")
    .attr("y", (_, k) => y + k * noteHeight)
    .text((line) => line);
}

/** Height that notes of so many lines take. */
export const notesHeight = (lines: number): number => lines * noteHeight;

const axisTicks = ({ type, domain, ticks }: Axis, count: number) =>
  ticks
    ? { values: [...ticks], format: (value: number) => formatNumber(value) }
    : type === "log"
      ? logTicks(domain, count)
      : linearTicks(domain, count);

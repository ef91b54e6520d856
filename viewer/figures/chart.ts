/** The frame that every chart over two axes shares: legend above, axes with titles and a quiet grid, notes below. */

import * as Plot from "@observablehq/plot";
import { range, select, sort } from "d3";
import { pixel } from "./crowd.ts";
import type { AnyAxisType } from "./extent.ts";
import type { Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { keepMarks } from "./placed-marks.ts";
import { layoutLegend, type LegendGroup } from "./legend.ts";
import { textWidth, widestFace, wrapText } from "./text.ts";
import { linearTicks, logTicks, symlogTicks, type Ticks } from "./ticks.ts";

export { pointed } from "./marks.ts";

export interface Axis {
  title: string;
  /** "symlog" is linear from 0 to `constant` and turns into a logarithm there: an axis of time that begins at 0. */
  type: AnyAxisType;
  constant?: number;
  domain: [number, number];
  /** Where the ticks are, on an axis of a few whole numbers. */
  ticks?: readonly number[];
}

/** Small multiples: panels in rows, all on the same axes. Marks say by `fx` and `fy` which they belong to. */
export interface SmallMultiples {
  columns: number;
  /** A title each, row by row. */
  titles: readonly string[];
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
  panels?: SmallMultiples | undefined;
  /** The drawn area's, where it is not to follow the width. */
  height?: number;
  /** Room on the left, where charts stand above one another. */
  left?: number;
}

export const fontSize = 12;
export const noteSize = 11;
export const fontFamily = "system-ui, sans-serif";
const noteHeight = 16;
const plotHeight = { least: 220, most: 320, share: 0.56 };
const panelHeight = { least: 130, most: 200, share: 0.75 };
const panelTitleHeight = 28;
const panelGap = 16;
const marginRight = 18;

/** Width of the area that marks are drawn in, of each panel where there are several: about, before the labels are known. */
export const drawnWidth = (width: number, columns = 1): number =>
  Math.max(1, (width - 60) / columns - panelGap);

export function drawChart(chart: Chart, { document, width, theme }: Frame): SVGSVGElement {
  const legend = layoutLegend(chart.legend, width);
  const notes = wrapNotes(chart.notes, width);
  const marginLeft = Math.max(chart.left ?? 0, leftOf(chart.y));
  const { panels } = chart;
  const columns = panels?.columns ?? 1;
  const rows = panels ? Math.ceil(panels.titles.length / columns) : 1;
  // Panels and the gaps beside them share the width; a band scale's padding is a share of its step.
  const step = (width - marginLeft - marginRight + panelGap) / columns;
  const inner = step - panelGap;
  const height = panels
    ? rows * (clamp(inner * panelHeight.share, panelHeight) + panelTitleHeight) - panelTitleHeight
    : (chart.height ?? clamp(width * plotHeight.share, plotHeight));
  const x = fitting(axisTicks(chart.x, Math.max(3, Math.floor((panels ? inner : width) / 90))), chart.x, {
    pixels: inner,
    room: panels ? panelGap / 2 : Infinity,
    sizeOf: (label) => textWidth(label, fontSize) + 6,
  });
  const y = fitting(axisTicks(chart.y, chart.height ? 4 : panels ? 5 : 7), chart.y, {
    pixels: (height + panelTitleHeight) / rows - panelTitleHeight,
    room: Infinity,
    sizeOf: () => fontSize,
  });
  const yTitleTop = legend.height + (legend.height > 0 ? 8 : 0);
  const marginTop = yTitleTop + 26 + (panels ? panelTitleHeight : 0);
  const xTitleHeight = chart.x.title ? 20 : 0;
  const marginBottom = 26 + xTitleHeight + notes.length * noteHeight + (notes.length > 0 ? 6 : 0);
  const drawing = Plot.plot({
    document,
    width,
    height: height + marginTop + marginBottom,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    style: { fontSize: `${fontSize}px`, color: theme.text, background: "none", overflow: "visible" },
    x: {
      type: chart.x.type,
      domain: chart.x.domain,
      axis: null,
      ...(chart.x.constant && { constant: chart.x.constant }),
    },
    y: { type: chart.y.type, domain: chart.y.domain, axis: null },
    ...(panels && {
      fx: {
        axis: null,
        domain: range(columns),
        paddingInner: panelGap / step,
        paddingOuter: 0,
        round: false,
      },
      fy: {
        axis: null,
        domain: range(rows),
        paddingInner: panelTitleHeight / ((height + panelTitleHeight) / rows),
        paddingOuter: 0,
        round: false,
      },
    }),
    color: { type: "identity" },
    opacity: { type: "identity" },
    symbol: { type: "identity" },
    marks: [
      Plot.gridY(y.values, { stroke: theme.grid, strokeOpacity: 1 }),
      Plot.gridX(x.values, { stroke: theme.grid, strokeOpacity: 1 }),
      // A tick format of its own would be overruled on a log axis, where d3 blanks labels between the powers of ten.
      Plot.axisY(y.values, { text: y.format, tickSize: 0, tickPadding: 7, label: null, fill: theme.muted }),
      Plot.axisX(x.values, { text: x.format, tickSize: 0, tickPadding: 8, label: null, fill: theme.muted }),
      ...(panels
        ? [
            Plot.text(panels.titles, {
              fx: (_, k) => k % columns,
              fy: (_, k) => Math.floor(k / columns),
              text: (title: string) => title,
              frameAnchor: "top-left",
              dy: -fontSize - 3,
              fill: theme.text,
            }),
          ]
        : []),
      ...chart.marks,
    ],
  }) as unknown as SVGSVGElement & Plot.Plot;

  // Plot's style sheet gives the root `height: auto`, which a file of its own must not have; the page has its own.
  drawing.querySelector("style")?.remove();
  const root = select<SVGSVGElement, unknown>(drawing)
    .attr("class", null)
    .attr("role", "img")
    .attr("aria-label", chart.label);
  // Plot names its marks, and without a role none may have a name.
  root.selectAll("g[aria-label]").attr("role", "group");
  keepMarks(drawing, chart.marks);
  legend.draw(root.append("g").attr("role", "group").attr("aria-label", "legend"), theme);
  root
    .append("text")
    .attr("x", 0)
    .attr("y", yTitleTop + 12)
    .attr("text-anchor", "start")
    .attr("fill", theme.text)
    .text(chart.y.title);
  if (chart.x.title)
    root
      .append("text")
      .attr("x", width - marginRight)
      .attr("y", height + marginTop + 38)
      .attr("text-anchor", "end")
      .attr("fill", theme.text)
      .text(chart.x.title);
  drawNotes(drawing, notes, height + marginTop + 42 + xTitleHeight, theme.muted);
  return drawing;
}

const clamp = (value: number, { least, most }: { least: number; most: number }): number =>
  Math.max(least, Math.min(most, value));

/**
 * Ticks whose labels stand apart on so many pixels: of a logarithm's, powers of ten before their parts.
 *
 * @param room that a label has beyond the ends
 * @param sizeOf what a label takes along the axis
 */
function fitting(
  ticks: Ticks,
  axis: Axis,
  { pixels, room, sizeOf }: { pixels: number; room: number; sizeOf: (label: string) => number },
): Ticks {
  const kept: { from: number; to: number; value: number }[] = [];
  const isPower = (value: number) => value === 0 || Math.abs(Math.log10(value) % 1) < 1e-9;
  const ordered =
    axis.type === "linear" || axis.ticks
      ? [...ticks.values]
      : sort(ticks.values, (value) => Number(!isPower(value)));
  for (const value of ordered) {
    const at = pixel(value, { type: axis.type, domain: axis.domain, pixels, constant: axis.constant });
    const half = sizeOf(ticks.format(value)) / 2;
    const [from, to] = [at - half, at + half];
    if (from < -room || to > pixels + room) continue;
    if (kept.every((other) => to < other.from || from > other.to)) kept.push({ from, to, value });
  }
  return { ...ticks, values: kept.map(({ value }) => value).sort((a, b) => a - b) };
}

/** Room that an axis takes on the left of a chart. */
export function leftOf(axis: Axis, count = 7): number {
  const { values, format } = axisTicks(axis, count);
  return 10 + Math.max(16, ...values.map((value) => textWidth(format(value), fontSize)));
}

/** Notes broken into lines. */
export const wrapNotes = (notes: string[], width: number): string[] =>
  notes.flatMap((note) => wrapText(note, noteSize, width / widestFace));

/** Writes lines of notes, the first with its baseline at `y`. */
export function drawNotes(drawing: SVGSVGElement, lines: string[], y: number, colour: string): void {
  select(drawing)
    .append("g")
    .attr("role", "group")
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

const axisTicks = ({ type, domain, ticks, constant = 1 }: Axis, count: number): Ticks => {
  if (ticks) return { values: [...ticks], format: (value) => formatNumber(value) };
  if (type === "symlog") return symlogTicks(domain, constant, count);
  return type === "log" ? logTicks(domain, count) : linearTicks(domain, count);
};

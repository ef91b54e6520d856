/** A legend inside the drawing, so that a saved figure keeps it: entries in a row, broken where the width ends. */

import type { Selection } from "d3";
import { type ColourBar, drawColourBar } from "./colour-bar.ts";
import { shorten, textWidth, widestFace } from "./text.ts";
import type { Theme } from "./theme.ts";

export type LegendMark = "line" | "dashed" | "area" | "band" | "dot" | "ring" | "cross";

export interface LegendEntry {
  label: string;
  colour: string;
  mark: LegendMark;
  /** A line's own pattern of dashes. */
  dash?: string;
  /** The runs that it names, as the runs table numbers them. */
  runs?: readonly number[];
}

/** A continuous scale of colours. */
export type Ramp = Omit<ColourBar, "width">;

/** Entries that belong together, under one title. */
export interface LegendGroup {
  title?: string;
  entries: LegendEntry[];
  ramp?: Ramp;
}

export interface Legend {
  height: number;
  draw(parent: Drawing, theme: Theme): void;
}

/** A part of an SVG under construction. */
export type Drawing = Selection<SVGGElement, unknown, null, undefined>;

const fontSize = 12;
const lineHeight = 20;
const markWidth = 18;
const markGap = 5;
const entryGap = 14;
const groupGap = 26;
const longestLabel = 48;
const rampWidth = 160;
const rampHeight = 10;

/** A piece of a legend with its place. */
interface Piece {
  x: number;
  line: number;
  draw: (parent: Drawing, theme: Theme) => void;
}

export function layoutLegend(groups: LegendGroup[], width: number): Legend {
  const pieces: Piece[] = [];
  let x = 0;
  let line = 0;
  let rampLine: number | undefined;
  const place = (pieceWidth: number, gap: number, draw: Piece["draw"]) => {
    if (x > 0 && x + pieceWidth > width) {
      x = 0;
      line++;
    }
    pieces.push({ x, line, draw });
    x += pieceWidth + gap;
  };
  const shown = groups.filter(({ entries, ramp }) => entries.length > 0 || ramp);
  for (const { title, entries, ramp } of shown) {
    if (title) place(roomFor(title), 10, (parent, theme) => drawText(parent, title, theme.muted));
    if (ramp) {
      place(rampWidth + 24, entryGap, (parent, theme) =>
        drawColourBar(
          parent.append("g").attr("transform", "translate(0,-4)"),
          { ...ramp, width: rampWidth },
          theme,
        ),
      );
      rampLine = line;
    }
    for (const entry of entries) {
      const label = shorten(entry.label, longestLabel);
      place(markWidth + markGap + roomFor(label), entryGap, (parent, theme) => {
        if (entry.runs) parent.datum({ runs: entry.runs });
        drawMark(parent, entry, theme);
        const text = drawText(parent, label, theme.text, markWidth + markGap);
        if (label !== entry.label) text.append("title").text(entry.label);
      });
    }
    x += groupGap - entryGap;
  }
  // A ramp's numbers stand below its line.
  const belowRamp = (at: number) => (rampLine !== undefined && at > rampLine ? rampHeight : 0);
  return {
    height: pieces.length > 0 ? (line + 1) * lineHeight + belowRamp(Infinity) : 0,
    draw(parent, theme) {
      for (const piece of pieces) {
        const y = piece.line * lineHeight + lineHeight / 2 + belowRamp(piece.line);
        piece.draw(parent.append("g").attr("transform", `translate(${piece.x},${y})`), theme);
      }
    },
  };
}

/** Words are wider in some faces; a number's width is known well enough. */
const roomFor = (text: string): number =>
  textWidth(text, fontSize) * (/\p{L}{3}/u.test(text) ? widestFace : 1);

const drawText = (parent: Drawing, text: string, colour: string, x = 0) =>
  parent
    .append("text")
    .attr("x", x)
    .attr("dy", "0.35em")
    .attr("font-size", fontSize)
    .attr("text-anchor", "start")
    .attr("fill", colour)
    .text(text);

function drawMark(parent: Drawing, { mark, colour, dash }: LegendEntry, theme: Theme): void {
  const centre = markWidth / 2;
  if (mark === "line" || mark === "dashed") {
    parent
      .append("path")
      .attr("d", `M0,0H${markWidth}`)
      .attr("stroke", colour)
      .attr("stroke-width", 2.5)
      .attr("stroke-dasharray", dash ?? (mark === "dashed" ? "5,3" : null));
  } else if (mark === "band" || mark === "area") {
    parent
      .append("rect")
      .attr("y", -5)
      .attr("width", markWidth)
      .attr("height", 10)
      .attr("fill", colour)
      .attr("fill-opacity", mark === "band" ? 0.25 : 1);
  } else if (mark === "cross") {
    parent
      .append("path")
      .attr("d", `M${centre - 4},-4l8,8m0,-8l-8,8`)
      .attr("stroke", colour)
      .attr("stroke-width", 1.75);
  } else {
    parent
      .append("circle")
      .attr("cx", centre)
      .attr("r", 4)
      .attr("stroke", colour)
      .attr("stroke-width", 1.5)
      .attr("fill", mark === "ring" ? theme.background : colour);
  }
}

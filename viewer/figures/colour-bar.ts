/** The legend of a heat map: its colours from left to right, with a few numbers. */

import type { Drawing } from "./legend.ts";
import type { Theme } from "./theme.ts";

const steps = 64;
const barHeight = 8;

/** Height of a bar with its numbers. */
export const colourBarHeight = 26;

export interface ColourBar {
  width: number;
  colour: (share: number) => string;
  /** Numbers beneath, `at` a share of the width. */
  labels: { at: number; label: string }[];
}

export function drawColourBar(parent: Drawing, { width, colour, labels }: ColourBar, theme: Theme): void {
  const step = width / steps;
  for (let k = 0; k < steps; k++) {
    parent
      .append("rect")
      .attr("x", k * step)
      // A hair wider than its share, or the background shows through the seams.
      .attr("width", k === steps - 1 ? step : step + 0.5)
      .attr("height", barHeight)
      .attr("fill", colour(k / (steps - 1)));
  }
  for (const { at, label } of labels) {
    parent
      .append("text")
      .attr("x", at * width)
      .attr("y", barHeight + 13)
      .attr("font-size", 11)
      .attr("text-anchor", at === 0 ? "start" : at === 1 ? "end" : "middle")
      .attr("fill", theme.muted)
      .text(label);
  }
}

/** What drawings of runs side by side share: a block each run, which is framed where it is picked, with names of its rows at the left. */

import type { Selection } from "d3";
import type { Frame } from "./figure.ts";
import type { Drawing } from "./legend.ts";
import type { Theme } from "./theme.ts";

export interface BlockPlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A run's block with its title, empty below. */
export function drawBlock(
  root: Selection<SVGSVGElement, unknown, null, undefined>,
  { title, run }: { title: string; run: number },
  { x, y, width, height }: BlockPlace,
  { picked, theme }: Frame,
): Drawing {
  const block = root.append("g").attr("transform", `translate(${x},${y})`);
  block.datum({ runs: [run] });
  if (picked?.has(run))
    block
      .append("rect")
      .attr("x", -5)
      .attr("y", -3)
      .attr("width", width + 10)
      .attr("height", height)
      .attr("fill", "none")
      .attr("stroke", theme.accent)
      .attr("stroke-width", 2);
  block.append("text").attr("y", 12).attr("font-weight", 600).text(title);
  return block;
}

/** The name of a row of pictures, upwards at their left, its middle at a height. */
export function drawRowName(block: Drawing, name: string, middle: number, theme: Theme): void {
  block
    .append("text")
    .attr("transform", `translate(-8,${middle}) rotate(-90)`)
    .attr("font-size", 11)
    .attr("text-anchor", "middle")
    .attr("fill", theme.muted)
    .text(name);
}

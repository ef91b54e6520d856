/** Pictures whose pixels stay square and sharp, however large they are drawn. */

import type { Selection } from "d3";

/** What a rule that only browsers read adds to the attribute of rasterizers: both keep cells sharp. */
export const sharpCells = "@supports (image-rendering: pixelated) { image { image-rendering: pixelated } }";

/** @param href of `rasterize` */
export function drawPicture<Holder extends SVGElement>(
  group: Selection<Holder, unknown, null, undefined>,
  href: string,
  { side, x = null, y = null }: { side: number; x?: number | null; y?: number | null },
): void {
  group
    .append("image")
    .attr("x", x)
    .attr("y", y)
    .attr("width", side)
    .attr("height", side)
    .attr("preserveAspectRatio", "none")
    .attr("image-rendering", "optimizeSpeed")
    .attr("href", href);
}

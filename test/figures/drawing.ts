/** What tests look for in a drawing. */

import { parseHTML } from "linkedom";
import type { Results } from "../../src/results/types.ts";
import { type Controls, type Figure, initialSettings, type Settings } from "../../viewer/figures/figure.ts";
import { light } from "../../viewer/figures/theme.ts";

/** Draws a figure; controls that are not set have their initial setting. */
export function draw(
  figure: Figure,
  results: Results,
  settings: Partial<Settings<Controls>> = {},
  width = 600,
): SVGSVGElement {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return figure.draw(results, { document, width, theme: light }, {
    ...initialSettings(figure.controls(results)),
    ...settings,
  } as Settings<Controls>);
}

/** Every text of the drawing, in order. */
export const texts = (drawing: Element): string[] =>
  Array.from(drawing.querySelectorAll("text"), ({ textContent }) => textContent ?? "");

/** Numbers in paths and positions: none may be NaN. */
export const geometry = (drawing: Element): string[] =>
  Array.from(drawing.querySelectorAll("*"), (node) =>
    ["d", "transform", "x", "y", "cx", "cy", "points"].map((name) => node.getAttribute(name) ?? "").join(" "),
  );

/** Lines of runs: paths that are not drawn as axes or legends. */
export const lines = (drawing: Element): string[] =>
  Array.from(drawing.querySelectorAll('[aria-label="line"] path'), (path) => path.getAttribute("d") ?? "");

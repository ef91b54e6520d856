/**
 * Figures as functions: results in, an SVG out. In a page the drawing is an element to append; in Node, with a document such as
 * linkedom's, the same drawing is text.
 *
 * ```js
 * import { drawFigure, figuresOf } from "alphasweep/viewer";
 *
 * for (const { id } of figuresOf(results)) document.body.append(drawFigure(id, results));
 * ```
 *
 * @packageDocumentation
 */

import type { Results } from "../src/results/types.ts";
import { type Figure, type Frame, initialSettings, isShown, type Setting } from "./figures/figure.ts";
import { figures } from "./figures/registry.ts";
import { standalone } from "./figures/standalone.ts";
import { light } from "./figures/theme.ts";

export type { Choice, Control, Controls, Figure, Frame, Setting, Slider, Switch } from "./figures/figure.ts";
export { defineFigure, initialSettings, isShown } from "./figures/figure.ts";
export { figures, figuresOf } from "./figures/registry.ts";
export { dark, light, type Theme } from "./figures/theme.ts";
export type { Results } from "../src/results/types.ts";

export interface DrawOptions extends Partial<Frame> {
  /** What the figure's controls are set to (`figure.controls(results)` lists them); those left out have their initial settings. */
  settings?: Record<string, Setting>;
}

/**
 * Draws a figure of results.
 *
 * @param figure one of `figures` by its `id`, or one of your own (`defineFigure`)
 * @param options `document` where there is no global one; `width` in pixels, 720 where left out; `theme`, light where left out
 * @returns an SVG element with its own width and height
 * @throws Error where there is no figure of that id, or the results lack what it needs
 */
export function drawFigure(
  figure: string | Figure,
  results: Results,
  options: DrawOptions = {},
): SVGSVGElement {
  const { drawn, frame, settings } = prepared(figure, results, options);
  return drawn.draw(results, frame, settings);
}

/**
 * The same as the text of an SVG file, with its title on a background.
 *
 * @throws what `drawFigure` throws
 */
export function figureSvg(figure: string | Figure, results: Results, options: DrawOptions = {}): string {
  const { drawn, frame, settings } = prepared(figure, results, options);
  return standalone(drawn.title, drawn.draw(results, frame, settings), frame);
}

function prepared(figure: string | Figure, results: Results, { settings, ...options }: DrawOptions) {
  const drawn = typeof figure === "string" ? figures.find(({ id }) => id === figure) : figure;
  if (!drawn) throw new Error(`there is no figure "${figure as string}"; figures lists them by their id`);
  if (!isShown(drawn, results)) {
    const lacking = drawn.needs.filter((name) => !(name in results.history.columns));
    throw new Error(
      `the results do not hold what figure "${drawn.id}" needs${lacking.length > 0 ? `: ${lacking.join(", ")}` : ""}`,
    );
  }
  const frame: Frame = { document: globalThis.document, width: 720, theme: light, ...options };
  return { drawn, frame, settings: { ...initialSettings(drawn.controls(results)), ...settings } };
}

/** Static figures, in Node: the same drawings as in a page, as SVG and PNG files. */

import { sort } from "d3";
import { parseHTML } from "linkedom";
import type { Results } from "../../src/results/types.ts";
import { type Figure, initialSettings } from "./figure.ts";
import { Rasterizer } from "./rasterizer.ts";
import { figuresOf } from "./registry.ts";
import { standalone } from "./standalone.ts";
import { light } from "./theme.ts";

export interface RenderedFigure {
  id: string;
  title: string;
  /** The text of an SVG file, self-contained. */
  svg: string;
  /** A PNG file, at twice the SVG's size. */
  png: Uint8Array;
}

const width = 720;
const wideWidth = 960;

/**
 * Every figure that the results hold everything for, drawn with its initial settings: pixels are made while the next is drawn. Wide
 * ones come first, whose pixels take longer than their drawing.
 */
export async function renderFigures(results: Results): Promise<RenderedFigure[]> {
  const rasterizer = new Rasterizer();
  const rendered = async (figure: Figure): Promise<RenderedFigure> => {
    const svg = renderSvg(figure, results);
    return { id: figure.id, title: figure.title, svg, png: await rasterizer.png(svg) };
  };
  try {
    const figures = figuresOf(results);
    const begun = new Map<Figure, Promise<RenderedFigure>>();
    for (const figure of sort(figures, ({ wide }) => (wide ? 0 : 1))) begun.set(figure, rendered(figure));
    return await Promise.all(figures.map((figure) => begun.get(figure)!));
  } finally {
    await rasterizer.close();
  }
}

/** One figure as the text of an SVG file, on a light background. */
export function renderSvg(figure: Figure, results: Results): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const frame = { document, width: figure.wide ? wideWidth : width, theme: light };
  const drawing = figure.draw(results, frame, initialSettings(figure.controls(results)));
  return standalone(figure.title, drawing, frame);
}

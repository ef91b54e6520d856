/** Static figures, in Node: the same drawings as in a page, as SVG and PNG files. */

import { createRequire } from "node:module";
import { renderAsync } from "@resvg/resvg-js";
import { parseHTML } from "linkedom";
import type { Results } from "../../src/results/types.ts";
import { type Figure, initialSettings } from "./figure.ts";
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

const resolve = createRequire(import.meta.url).resolve;
const fontFiles = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
  resolve(`@expo-google-fonts/inter/${file}`),
);

const width = 720;
const wideWidth = 960;
const pixelsPerUnit = 2;

/** Every figure that the results hold everything for, drawn with its initial settings: pixels are made while the next is drawn. */
export const renderFigures = (results: Results): Promise<RenderedFigure[]> =>
  Promise.all(
    figuresOf(results).map(async (figure) => {
      const svg = renderSvg(figure, results);
      return { id: figure.id, title: figure.title, svg, png: await rasterize(svg) };
    }),
  );

/** One figure as the text of an SVG file, on a light background. */
export function renderSvg(figure: Figure, results: Results): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const frame = { document, width: figure.wide ? wideWidth : width, theme: light };
  const drawing = figure.draw(results, frame, initialSettings(figure.controls(results)));
  return standalone(figure.title, drawing, frame);
}

/** An SVG as a PNG file, in a font that comes with the package: the machine's own fonts differ, or are none. */
async function rasterize(svg: string): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: pixelsPerUnit },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  });
  return image.asPng();
}

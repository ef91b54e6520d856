/** How much of its tangent kernel each network has changed: tiles side by side on the scale of colours of all figures. */

import { type KernelFrame, kernelFrames } from "../../src/results/kernel-frames.ts";
import type { Results } from "../../src/results/types.ts";
import { frameAt } from "../figures/epoch-slider.ts";
import { formatNumber } from "../figures/format.ts";
import {
  formatChange,
  type KernelScale,
  kernelScale,
  kernelUnit,
  largestOfAll,
  linearBelow,
  relativeChange,
} from "../figures/kernel-scale.ts";
import type { LineColours } from "../figures/line-colours.ts";
import { type Pixel, pixelOf, tabulate } from "../figures/raster.ts";
import type { Theme } from "../figures/theme.ts";
import { element } from "../page/element.ts";
import type { Curve } from "./curves.ts";

export interface KernelRow {
  epoch: number;
  theme: Theme;
  colours: LineColours;
  picked: (run: number) => boolean;
  pick: (run: number) => void;
}

interface Tile {
  curve: Curve;
  /** None where there are no kernels yet. */
  kernels?: { first: KernelFrame; now: KernelFrame };
}

/** No kernels yet: whatever the scale, they have not changed. */
const unknown = 1;

/** @returns the tiles, and the legend of their colours */
export function kernelRow(
  results: Results,
  curves: readonly Curve[],
  { epoch, theme, colours, picked, pick }: KernelRow,
): { node: HTMLElement; legend: HTMLElement } {
  const { ntk } = results.arrays;
  const scale = kernelScale(ntk ? largestOfAll(results) : unknown, theme);
  const pixels = tabulate(scale.colour);
  const missing = pixelOf(theme.missing);
  const pixelAt = (change: number) => (Number.isFinite(change) ? pixels(scale.place(change)) : missing);
  const tiles = curves.map((curve) => tileOf(results, curve, epoch));
  const texts = tiles.map(({ kernels }) =>
    kernels ? formatChange(relativeChange(results, kernels.first, kernels.now)) : "…",
  );
  const names = tiles.map(({ curve: { value } }) =>
    value === undefined ? "" : `${colours.title} ${formatNumber(value, 2)}`,
  );
  const label = texts.map((text, k) => (names[k] ? `${names[k]}: ${text}` : text)).join("; ");
  const node = element(
    "div",
    {
      class: "kernels",
      role: "group",
      "aria-label": `Change of the tangent kernels, of the norm of K(0): ${label}`,
    },
    ...tiles.map((tile, k) => {
      const { curve } = tile;
      const name = element("span", { class: "name" }, names[k]);
      name.style.borderColor = colours.of(curve.row);
      const button = element(
        "button",
        { type: "button", class: "kernel", "aria-pressed": String(picked(curve.run)) },
        pictureOf(tile, ntk?.shape[2] ?? 1, pixelAt),
        name,
        element("span", { class: "change", title: "‖K(t) − K(0)‖ / ‖K(0)‖" }, texts[k]),
      );
      button.addEventListener("click", () => pick(curve.run));
      return button;
    }),
  );
  return { node, legend: legendOf(scale) };
}

function tileOf(results: Results, curve: Curve, epoch: number): Tile {
  const frames = results.arrays.ntk ? kernelFrames(results, curve.row) : [];
  return frames.length > 0
    ? { curve, kernels: { first: frames[0], now: frameAt(results, frames, epoch) } }
    : { curve };
}

/** K(t) - K(0), over the root mean square of K(0). */
function pictureOf({ kernels }: Tile, size: number, pixelAt: (change: number) => Pixel): Node {
  const side = kernels ? size : 1;
  const canvas = element("canvas", { width: side, height: side });
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(side, side);
  const unit = kernels ? kernelUnit(kernels.first) : 1;
  for (let entry = 0; entry < side * side; entry++) {
    const change = kernels ? (kernels.now.kernel[entry] - kernels.first.kernel[entry]) / unit : NaN;
    image.data.set(pixelAt(change), 4 * entry);
    image.data[4 * entry + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The scale of colours, with its ends. */
function legendOf({ colour, labels }: KernelScale): HTMLElement {
  const places = Array.from({ length: 21 }, (_, k) => colour(k / 20));
  const bar = element("span", { class: "ramp" });
  bar.style.background = `linear-gradient(to right, ${places.join(", ")})`;
  const scale = element(
    "span",
    { class: "scale", "aria-hidden": "true" },
    labels[0].label,
    bar,
    labels.at(-1)!.label,
  );
  return element("span", {}, scale, ` logarithmic beyond ±${linearBelow}`);
}

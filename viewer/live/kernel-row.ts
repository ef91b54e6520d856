/** How much of its tangent kernel each network has changed: tiles side by side on one scale of colours. */

import { scaleSymlog } from "d3";
import type { SampledArray } from "../../src/results/array-frames.ts";
import { formatNumber, formatPower } from "../figures/format.ts";
import { pixelOf, tabulate } from "../figures/raster.ts";
import type { Theme } from "../figures/theme.ts";
import { element } from "../page/element.ts";
import { type Curve, recordsUntil } from "./curves.ts";
import { alphaColour } from "./scales.ts";

/** Changes below this share of |K(0)| are drawn in proportion, larger ones in their logarithm. */
const proportional = 1e-3;

interface Tile {
  curve: Curve;
  /** (K(t) - K(0)) / |K(0)|, row by row. */
  change: Float32Array;
}

/** @returns the tiles, the scale's end, and the change of each kernel in the Frobenius norm */
export function kernelRow(
  curves: readonly Curve[],
  ntk: SampledArray | undefined,
  epoch: number,
  theme: Theme,
  { picked, pick }: { picked: (run: number) => boolean; pick: (run: number) => void },
): { node: HTMLElement; end: number } {
  const size = ntk?.shape[2] ?? 1;
  const tiles = curves.flatMap((curve): Tile[] => {
    const records = recordsUntil(curve, epoch);
    return records > 0 ? [{ curve, change: changeAt(ntk, curve.row, records - 1) }] : [];
  });
  // The scale is that of the latest records: it stays as it is while time is played.
  const end = Math.max(
    1,
    ...curves.map((curve) => largest(changeAt(ntk, curve.row, Math.max(0, curve.epochs.length - 1)))),
  );
  const place = scaleSymlog([-end, end], [0, 1]).constant(proportional);
  const colour = tabulate((at) => theme.diverging(2 * at - 1));
  const missing = pixelOf(theme.missing);
  const texts = tiles.map(({ change }) => (ntk ? formatNumber(norm(change), 2) : "…"));
  const label = tiles
    .map(
      ({ curve }, k) =>
        `${curve.value === undefined ? "" : `alpha ${formatNumber(curve.value, 2)}: `}${texts[k]}`,
    )
    .join("; ");
  const node = element(
    "div",
    {
      class: "kernels",
      role: "group",
      "aria-label": `Change of the tangent kernels, in norms of K(0): ${label}`,
    },
    ...tiles.map(({ curve, change }, k) => {
      const canvas = element("canvas", { width: size, height: size });
      const context = canvas.getContext("2d")!;
      const image = context.createImageData(size, size);
      change.forEach((value, entry) => {
        image.data.set(Number.isFinite(value) ? colour(place(value)) : missing, 4 * entry);
        image.data[4 * entry + 3] = 255;
      });
      context.putImageData(image, 0, 0);
      const name = element(
        "span",
        { class: "name" },
        curve.value === undefined ? "" : `α ${formatNumber(curve.value, 2)}`,
      );
      name.style.borderColor = alphaColour(theme, curve.value);
      const tile = element(
        "button",
        { type: "button", class: "kernel", "aria-pressed": String(picked(curve.run)) },
        canvas,
        name,
        element("span", { class: "change", title: "‖K(t) − K(0)‖ / ‖K(0)‖" }, texts[k]),
      );
      tile.addEventListener("click", () => pick(curve.run));
      return tile;
    }),
  );
  return { node, end };
}

/** One entry without a value where there are no kernels yet. */
function changeAt(ntk: SampledArray | undefined, row: number, record: number): Float32Array {
  if (!ntk) return Float32Array.of(NaN);
  const { shape, data, runs } = ntk;
  const place = runs?.indexOf(row) ?? row;
  const entries = shape[2] * shape[3];
  const at = (k: number) =>
    data.subarray((place * shape[1] + k) * entries, (place * shape[1] + k + 1) * entries);
  const [first, now] = [at(0), at(record)];
  const whole = norm(first);
  return now.map((value, entry) => (value - first[entry]) / whole);
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);

/** The scale of colours, with its ends. */
export function kernelScale(end: number, theme: Theme): HTMLElement {
  const places = Array.from({ length: 21 }, (_, k) => theme.diverging(k / 10 - 1));
  const bar = element("span", { class: "ramp" });
  bar.style.background = `linear-gradient(to right, ${places.join(", ")})`;
  const shown = formatNumber(end, 1);
  const scale = element("span", { class: "scale", "aria-hidden": "true" }, `−${shown}`, bar, `+${shown}`);
  return element("span", {}, scale, ` in the logarithm beyond ±${formatPower(Math.log10(proportional))}`);
}

/** A tangent kernel as a picture: a cell a pair of samples. */

import { plural } from "./format.ts";
import type { KernelScale } from "./kernel-scale.ts";
import type { Drawing } from "./legend.ts";
import { drawPicture } from "./picture.ts";
import { pixelOf, rasterize, tabulate } from "./raster.ts";
import type { Theme } from "./theme.ts";

/** Larger kernels are drawn by the means of blocks: a screen has no more pixels. */
const mostPixels = 512;

const blockOf = (size: number): number => Math.ceil(size / mostPixels);

/** @param entry of the matrix, row by row, as the scale knows it */
export function drawMatrix(
  group: Drawing,
  entry: (k: number) => number,
  { place, colour }: KernelScale,
  { size, side, theme }: { size: number; side: number; theme: Theme },
): void {
  const pixels = tabulate(colour);
  const missing = pixelOf(theme.missing);
  const block = blockOf(size);
  const cells = Math.ceil(size / block);
  const mean = (row: number, column: number): number => {
    let sum = 0;
    let count = 0;
    for (let i = row * block; i < Math.min(size, (row + 1) * block); i++)
      for (let j = column * block; j < Math.min(size, (column + 1) * block); j++, count++)
        sum += entry(i * size + j);
    return sum / count;
  };
  const picture = rasterize(cells, cells, (row, column) => {
    const value = mean(row, column);
    return Number.isFinite(value) ? pixels(place(value)) : missing;
  });
  drawPicture(group, picture, { side });
}

/** What the pictures of some kernels leave out or average. */
export function matrixNotes(kernels: readonly Float32Array[], size: number): string[] {
  const missing = kernels.reduce(
    (count, kernel) => count + kernel.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0),
    0,
  );
  const block = blockOf(size);
  return [
    ...(missing > 0 ? [`${plural(missing, "entry", "entries")} without a finite value are grey.`] : []),
    ...(block > 1 ? [`A cell is the mean of ${block} × ${block} pairs of samples.`] : []),
  ];
}

import type { LayerReference, LayerSizes } from "../layer.ts";

/** Calls back with the pixels of every window, and its place among all. */
export function windows(sizes: LayerSizes, each: (pixels: number[], place: number) => void): void {
  const { window, height, width, height_above, width_above, channels_below } = sizes;
  for (let channel = 0; channel < channels_below; channel++)
    for (let y = 0; y < height_above; y++)
      for (let x = 0; x < width_above; x++) {
        const pixels: number[] = [];
        for (let dy = 0; dy < window; dy++)
          for (let dx = 0; dx < window; dx++)
            pixels.push((channel * height + y * window + dy) * width + x * window + dx);
        each(pixels, (channel * height_above + y) * width_above + x);
      }
}

/** The first largest of some pixels. */
export const largestOf = (pixels: readonly number[], h: Float64Array): number =>
  pixels.reduce((largest, pixel) => (h[pixel] > h[largest] ? pixel : largest));

const reference = (max: boolean): LayerReference => ({
  forward(sizes, _, h) {
    const z = new Float64Array(sizes.channels_below * sizes.positions);
    windows(sizes, (pixels, place) => {
      z[place] = max
        ? h[largestOf(pixels, h)]
        : pixels.reduce((sum, pixel) => sum + h[pixel], 0) / pixels.length;
    });
    return z;
  },
  backward(sizes, _, b, h) {
    const signals = new Float64Array(h.length);
    windows(sizes, (pixels, place) => {
      if (max) signals[largestOf(pixels, h)] = b[place];
      else for (const pixel of pixels) signals[pixel] = b[place] / pixels.length;
    });
    return signals;
  },
  gradient() {
    // It has no weights.
  },
});

/** The largest of each window, the first where several are. */
export const maxPoolReference = reference(true);

/** The mean of each window. */
export const averagePoolReference = reference(false);

import type { LayerReference, LayerSizes } from "../layer.ts";

/**
 * Calls back for every pair of a position above and a pixel below that a weight joins: the place of the weight in a unit's row,
 * of the pixel, and of the position. Zeros around an image join nothing.
 */
function joined(sizes: LayerSizes, each: (weight: number, below: number, position: number) => void): void {
  const { fan_in, window, window_stride: stride, padding, height, width, height_above, width_above } = sizes;
  const channels = fan_in / window ** 2;
  for (let y = 0; y < height_above; y++)
    for (let x = 0; x < width_above; x++)
      for (let channel = 0; channel < channels; channel++)
        for (let dy = 0; dy < window; dy++)
          for (let dx = 0; dx < window; dx++) {
            const [row, column] = [y * stride + dy - padding, x * stride + dx - padding];
            if (row >= 0 && row < height && column >= 0 && column < width)
              each(
                (channel * window + dy) * window + dx,
                (channel * height + row) * width + column,
                y * width_above + x,
              );
          }
}

/** z[unit, position] = sum over a patch of W[unit] h: no flip of the window. */
export const convReference: LayerReference = {
  forward(sizes, W, h) {
    const { fan_in, fan_out, positions } = sizes;
    const z = new Float64Array(fan_out * positions);
    for (let unit = 0; unit < fan_out; unit++)
      joined(sizes, (weight, below, position) => {
        z[unit * positions + position] += W[unit * fan_in + weight] * h[below];
      });
    return z;
  },
  backward(sizes, W, b, h) {
    const { fan_in, fan_out, positions } = sizes;
    const signals = new Float64Array(h.length);
    for (let unit = 0; unit < fan_out; unit++)
      joined(sizes, (weight, below, position) => {
        signals[below] += W[unit * fan_in + weight] * b[unit * positions + position];
      });
    return signals;
  },
  gradient(sizes, b, h, G) {
    const { fan_in, fan_out, positions } = sizes;
    for (let unit = 0; unit < fan_out; unit++)
      joined(sizes, (weight, below, position) => {
        G[unit * fan_in + weight] += b[unit * positions + position] * h[below];
      });
  },
};

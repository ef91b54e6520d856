import type { LayerReference, LayerSizes } from "../layer.ts";

/** Pixels and positions that one place of a window joins, row by row: the first of each, how many, and how far pixels lie apart. */
type Row = (below: number, above: number, count: number, stride: number) => void;

/** Positions along a side whose window's place lies on the image: zeros around it join nothing. */
function within(place: number, stride: number, padding: number, side: number, positions: number) {
  const first = Math.max(0, Math.ceil((padding - place) / stride));
  const last = Math.min(positions - 1, Math.floor((side - 1 + padding - place) / stride));
  return [first, last] as const;
}

/** Calls back with every weight of a unit's row, and then with each row of what it joins. */
function eachWeight(sizes: LayerSizes, visit: (weight: number, rows: (row: Row) => void) => void): void {
  const { window, window_stride: stride, padding, height, width, height_above, width_above } = sizes;
  for (let channel = 0; channel < sizes.fan_in / window ** 2; channel++)
    for (let dy = 0; dy < window; dy++)
      for (let dx = 0; dx < window; dx++) {
        const [top, bottom] = within(dy, stride, padding, height, height_above);
        const [left, right] = within(dx, stride, padding, width, width_above);
        if (left > right) continue;
        visit((channel * window + dy) * window + dx, (row) => {
          for (let y = top; y <= bottom; y++) {
            const first =
              (channel * height + y * stride + dy - padding) * width + left * stride + dx - padding;
            row(first, y * width_above + left, right - left + 1, stride);
          }
        });
      }
}

/** z[unit, position] = sum over a patch of W[unit] h: no flip of the window. */
export const convReference: LayerReference = {
  forward(sizes, W, h) {
    const { fan_in, fan_out, positions } = sizes;
    const z = new Float64Array(fan_out * positions);
    eachWeight(sizes, (weight, rows) =>
      rows((below, above, count, stride) => {
        for (let unit = 0; unit < fan_out; unit++) {
          const w = W[unit * fan_in + weight];
          const first = unit * positions + above;
          for (let x = 0; x < count; x++) z[first + x] += w * h[below + x * stride];
        }
      }),
    );
    return z;
  },
  backward(sizes, W, b, h) {
    const { fan_in, fan_out, positions } = sizes;
    const signals = new Float64Array(h.length);
    eachWeight(sizes, (weight, rows) =>
      rows((below, above, count, stride) => {
        for (let unit = 0; unit < fan_out; unit++) {
          const w = W[unit * fan_in + weight];
          const first = unit * positions + above;
          for (let x = 0; x < count; x++) signals[below + x * stride] += w * b[first + x];
        }
      }),
    );
    return signals;
  },
  gradient(sizes, b, h, G) {
    const { fan_in, fan_out, positions } = sizes;
    eachWeight(sizes, (weight, rows) =>
      rows((below, above, count, stride) => {
        for (let unit = 0; unit < fan_out; unit++) {
          const first = unit * positions + above;
          let sum = 0;
          for (let x = 0; x < count; x++) sum += b[first + x] * h[below + x * stride];
          G[unit * fan_in + weight] += sum;
        }
      }),
    );
  },
};

import type { LayerReference } from "../layer.ts";

/** z = W h. */
export const denseReference: LayerReference = {
  forward({ fan_in, fan_out }, W, h) {
    const z = new Float64Array(fan_out);
    for (let unit = 0; unit < fan_out; unit++) {
      let sum = 0;
      for (let i = 0; i < fan_in; i++) sum += W[unit * fan_in + i] * h[i];
      z[unit] = sum;
    }
    return z;
  },
  backward({ fan_in, fan_out }, W, b) {
    const below = new Float64Array(fan_in);
    for (let unit = 0; unit < fan_out; unit++) {
      const signal = b[unit];
      if (signal === 0) continue;
      for (let i = 0; i < fan_in; i++) below[i] += W[unit * fan_in + i] * signal;
    }
    return below;
  },
  gradient({ fan_in, fan_out }, b, h, G) {
    for (let unit = 0; unit < fan_out; unit++)
      if (b[unit] !== 0) for (let i = 0; i < fan_in; i++) G[unit * fan_in + i] += b[unit] * h[i];
  },
};

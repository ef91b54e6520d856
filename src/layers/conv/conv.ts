import backward from "./conv_backward.wgsl?raw";
import forward from "./conv_forward.wgsl?raw";
import gradient from "./conv_gradient.wgsl?raw";
import paths from "./conv_paths.wgsl?raw";
import signals from "./conv_signals.wgsl?raw";
import signalsStart from "./conv_signals_start.wgsl?raw";
import values from "./conv_values.wgsl?raw";
import { layerProducts } from "../products.ts";

/** Convolutions: every position of a unit above sees a window of all channels below, by the same weights. */
export const conv = layerProducts(
  "conv",
  { values, forward, backward, gradient, signals, signalsStart, paths },
  {
    tiled: { rows: 8, columns: 4 },
    small: { rows: 4, columns: 4 },
    quads: { rows: 16, columns: 4 },
    wide: { rows: 16, columns: 4 },
    signals: { tiled: { rows: 8, columns: 4 }, quads: { rows: 16, columns: 4 } },
    terms: 2,
    windows: { rows: 16, columns: 6 },
    strips: { rows: 16, columns: 6 },
  },
  { STRIDED: [false, true] },
);

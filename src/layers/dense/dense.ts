import backward from "./dense_backward.wgsl?raw";
import forward from "./dense_forward.wgsl?raw";
import gradient from "./dense_gradient.wgsl?raw";
import paths from "./dense_paths.wgsl?raw";
import signals from "./dense_signals.wgsl?raw";
import signalsStart from "./dense_signals_start.wgsl?raw";
import values from "./dense_values.wgsl?raw";
import { layerProducts } from "../products.ts";

/** Dense layers: every unit above sees all units below. */
export const dense = layerProducts(
  "dense",
  { values, forward, backward, gradient, signals, signalsStart, paths },
  {
    tiled: { rows: 12, columns: 10 },
    small: { rows: 4, columns: 8 },
    quads: { rows: 16, columns: 4 },
    wide: { rows: 16, columns: 5 },
    fours: { rows: 16, columns: 8 },
    signals: { tiled: { rows: 8, columns: 8 }, quads: { rows: 16, columns: 4 } },
    terms: 3,
  },
);

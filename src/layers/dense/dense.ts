import backward from "./dense_backward.wgsl?raw";
import forward from "./dense_forward.wgsl?raw";
import gradient from "./dense_gradient.wgsl?raw";
import signals from "./dense_signals.wgsl?raw";
import signalsStart from "./dense_signals_start.wgsl?raw";
import values from "./dense_values.wgsl?raw";
import { layerProducts } from "../products.ts";

/** Dense layers: every unit above sees all units below. */
export const dense = layerProducts("dense", { values, forward, backward, gradient, signals, signalsStart });

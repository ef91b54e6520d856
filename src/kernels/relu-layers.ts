import backwardCode from "../../shaders/relu_backward.wgsl?raw";
import forwardCode from "../../shaders/relu_forward.wgsl?raw";
import gradientCode from "../../shaders/relu_gradient.wgsl?raw";
import valuesCode from "../../shaders/relu_values.wgsl?raw";
import { choiceOf, defineProducts } from "../products/products.ts";
import type { Choice } from "../wgsl/choice.ts";
import { type Shape, WHOLE } from "../wgsl/kernel.ts";
import type { Cut } from "../wgsl/lanes.ts";
import { layerParams } from "./layer-params.ts";

const flops = ({ networks, size, fan_in, fan_out }: Shape) => 2 * networks * size * fan_in * fan_out;
const blocks = { tiled: { rows: 12, columns: 10 }, small: { rows: 4, columns: 8 }, lanes: [4, 32] } as const;

/** Pre-activations of the first layer, or of any at w(0); with displacements for weights their change in the first layer. */
export const reluValues = defineProducts({
  file: "relu_values.wgsl",
  code: valuesCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    X: "read",
    state: "read",
    z: "read-write",
  },
  params: layerParams,
  overrides: { SHUFFLED: [false, true], LINEAR: [false, true], FIRST: [false, true] },
  extent: ({ fan_out, size, networks }) => [fan_out, size, networks],
  ...blocks,
  quads: { rows: 16, columns: 5 },
  terms: 2,
  flops,
  trial: { numbers: { X: WHOLE, state: WHOLE, z: WHOLE } },
});

/** Pre-activations of a layer above the first less those at w(0). */
export const reluForward = defineProducts({
  file: "relu_forward.wgsl",
  code: forwardCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    base: "read",
    state: "read",
    weights: "read",
    z: "read-write",
  },
  params: layerParams,
  overrides: { SHUFFLED: [false, true], LINEAR: [false, true] },
  extent: ({ fan_out, size, networks }) => [fan_out, size, networks],
  ...blocks,
  quads: { rows: 16, columns: 5 },
  flops,
  trial: { numbers: { base: WHOLE, state: WHOLE, weights: WHOLE, z: WHOLE } },
});

/** Signals back through a layer. */
export const reluBackward = defineProducts({
  file: "relu_backward.wgsl",
  code: backwardCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    base: "read",
    z: "read",
    weights: "read",
    signal: "read",
    delta: "read-write",
  },
  params: layerParams,
  overrides: { SHUFFLED: [false, true], LINEAR: [false, true], TOP: [false, true] },
  extent: ({ fan_in, size, networks }) => [fan_in, size, networks],
  ...blocks,
  quads: { rows: 16, columns: 4 },
  terms: 3,
  flops,
  trial: { numbers: { base: WHOLE, z: WHOLE, weights: WHOLE, signal: WHOLE, delta: WHOLE } },
});

/** Gradients of a layer's weights, summed over the batch. */
export const reluGradient = defineProducts({
  file: "relu_gradient.wgsl",
  code: gradientCode,
  bindings: {
    params: "uniform",
    step: "step",
    singles: "read",
    order: "read",
    X: "read",
    base: "read",
    z: "read",
    delta: "read",
    signal: "read",
    gradients: "read-write",
  },
  params: layerParams,
  overrides: {
    SHUFFLED: [false, true],
    LINEAR: [false, true],
    FIRST: [false, true],
    TOP: [false, true],
    START: [false, true],
  },
  extent: ({ fan_out, fan_in, networks }) => [fan_out, fan_in, networks],
  ...blocks,
  split: true,
  quads: { rows: 16, columns: 4 },
  terms: 2,
  flops,
  trial: { numbers: { X: WHOLE, base: WHOLE, z: WHOLE, delta: WHOLE, signal: WHOLE } },
});

/**
 * Ways to go forward to `units` of a layer on `samples`.
 *
 * @param values of what comes in, in place of their change: in the first layer, and at w(0)
 */
export const forwardsOf = (values: boolean, units: number, samples: number, cut: Cut): Choice =>
  choiceOf(values ? reluValues : reluForward, { rows: units, columns: samples }, cut);

/** Ways to go back from `above` units through a layer to `units` below it on `samples`. */
export const backwardsOf = (units: number, above: number, samples: number, cut: Cut): Choice =>
  choiceOf(reluBackward, { rows: units, columns: samples, terms: above }, cut);

/** Ways to sum up gradients of a layer with `units` above and `below`. */
export const gradientsOf = (units: number, below: number, cut: Cut): Choice =>
  choiceOf(reluGradient, { rows: units, columns: below }, cut);

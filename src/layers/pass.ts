import type { ReferenceLayer } from "./layer.ts";

/** A layer's weights among those of one network. */
export const weightsOf = (
  { sizes: { offset, fan_in, fan_out } }: ReferenceLayer,
  weights: Float64Array,
): Float64Array => weights.subarray(offset, offset + fan_in * fan_out);

/** What comes into every layer for one input, the output last; hidden units rectified, ReLU(0) = 0. */
export function activations(
  layers: readonly ReferenceLayer[],
  weights: Float64Array,
  x: Float64Array,
): Float64Array[] {
  const all = [x];
  for (const layer of layers) {
    const z = layer.reference.forward(layer.sizes, weightsOf(layer, weights), all.at(-1)!);
    all.push(layer.rectified ? z.map((value) => (value > 0 ? value : 0)) : z);
  }
  return all;
}

/**
 * What comes back to every layer's units from one of the outputs, ReLU'(0) = 0.
 *
 * @param all what comes into each layer, and the outputs
 */
export function signals(
  layers: readonly ReferenceLayer[],
  weights: Float64Array,
  all: readonly Float64Array[],
  output: number,
): Float64Array[] {
  const back: Float64Array[] = [];
  let signal: Float64Array = new Float64Array(all.at(-1)!.length);
  signal[output] = 1;
  for (let l = layers.length - 1; l > 0; l--) {
    back.unshift(signal);
    const { reference, sizes, gated } = layers[l];
    const below = all[l];
    signal = reference.backward(sizes, weightsOf(layers[l], weights), signal, below);
    if (gated) signal.forEach((_, unit) => below[unit] > 0 || (signal[unit] = 0));
  }
  back.unshift(signal);
  return back;
}

/** Gradient of one of a network's outputs by its weights. */
export function gradient(
  layers: readonly ReferenceLayer[],
  weights: Float64Array,
  x: Float64Array,
  output = 0,
): Float64Array {
  const all = activations(layers, weights, x);
  const G = new Float64Array(weights.length);
  signals(layers, weights, all, output).forEach((signal, l) =>
    layers[l].reference.gradient(layers[l].sizes, signal, all[l], weightsOf(layers[l], G)),
  );
  return G;
}

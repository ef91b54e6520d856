import { denseReference } from "../layers/dense/dense.reference.ts";
import type { ReferenceLayer } from "../layers/layer.ts";
import { activations, gradient, signals } from "../layers/pass.ts";

/** One network without biases, f(x) = W_L [... [W_1 x]+ ...]+, at given weights. */
export interface DenseNetwork {
  /** Hidden widths. */
  widths: readonly number[];
  /** Layers in order, each [above, below] row-major. */
  weights: Float64Array;
  /** One where left out. */
  outputs?: number;
  /** Its hidden units are not rectified. */
  linear?: boolean;
}

/** Its layers. */
export const denseLayers = (
  { widths, outputs = 1, linear = false }: Omit<DenseNetwork, "weights">,
  inputs: number,
): ReferenceLayer[] => {
  let [offset, above] = [0, 0];
  return [...widths, outputs].map((fan_out, l) => {
    const fan_in = widths[l - 1] ?? inputs;
    const sizes = {
      offset,
      fan_in,
      fan_out,
      below: above - (l > 0 ? fan_in : 0),
      above,
      window: 1,
      window_stride: 1,
      padding: 0,
      height: 1,
      width: 1,
      height_above: 1,
      width_above: 1,
      channels_below: fan_in,
      positions_below: 1,
      positions: 1,
    };
    offset += fan_in * fan_out;
    above += fan_out;
    return {
      reference: denseReference,
      rectified: !linear && l < widths.length,
      gated: !linear && l > 0,
      sizes,
    };
  });
};

/** Outputs of a network, [rows, outputs]. */
export const networkOutputs = (network: DenseNetwork, inputs: number, X: Float64Array): Float64Array =>
  outputsOf(checked(network, inputs), network.weights, rowsOf(X, inputs));

/**
 * The tangent kernel of a network at these weights, K(x, x') = <grad_w f(x), grad_w f(x')>, without its Jacobian: the sum
 * over layers of (H H^T) o (B B^T), Gram matrices of what goes in and of the signals back (Jacot et al. 2018). Of several
 * outputs it is the sum of each one's.
 *
 * An unbiased pair that starts equal has twice this kernel; an output scaled by alpha, alpha^2 times it.
 *
 * @param left [rows, inputs], row-major
 * @param right [columns, inputs]; left itself where it is left out
 * @returns [rows, columns]
 * @throws RangeError for wrong lengths
 */
export const networkKernel = (
  network: DenseNetwork,
  inputs: number,
  left: Float64Array,
  right: Float64Array = left,
): Float64Array =>
  kernelOf(checked(network, inputs), network.weights, rowsOf(left, inputs), rowsOf(right, inputs));

function checked(network: DenseNetwork, inputs: number): ReferenceLayer[] {
  const { widths, weights } = network;
  const layers = denseLayers(network, inputs);
  const count = layers.reduce((sum, { sizes: { fan_in, fan_out } }) => sum + fan_in * fan_out, 0);
  if (weights.length !== count)
    throw new RangeError(
      `${weights.length} weights; ${inputs} inputs and widths ${widths.join(", ")} take ${count}`,
    );
  return layers;
}

/**
 * The samples of X, [rows, inputs].
 *
 * @throws RangeError where it is not a whole number of rows
 */
export function rowsOf(X: Float64Array, inputs: number): Float64Array[] {
  if (X.length % inputs !== 0)
    throw new RangeError(`${X.length} entries are not a whole number of rows of ${inputs} inputs`);
  return Array.from({ length: X.length / inputs }, (_, j) => X.subarray(j * inputs, (j + 1) * inputs));
}

/** Outputs of any network, [rows, outputs]. */
export const outputsOf = (
  layers: readonly ReferenceLayer[],
  weights: Float64Array,
  rows: readonly Float64Array[],
): Float64Array => Float64Array.from(rows.flatMap((x) => [...activations(layers, weights, x).at(-1)!]));

/**
 * The tangent kernel of any network, [left, right]: where layers share weights among positions, from its gradients.
 *
 * @param lowest the first layer whose weights count
 */
export function kernelOf(
  layers: readonly ReferenceLayer[],
  weights: Float64Array,
  left: readonly Float64Array[],
  right: readonly Float64Array[],
  lowest = 0,
): Float64Array {
  const isDense = layers.every(({ reference }) => reference === denseReference);
  const factorsOf = (x: Float64Array) =>
    isDense
      ? denseFactors(layers, weights, x).slice(lowest)
      : [gradients(layers, weights, x, layers[lowest].sizes.offset)];
  const rows = left.map(factorsOf);
  const columns = right === left ? rows : right.map(factorsOf);
  const K = new Float64Array(left.length * right.length);
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      let sum = 0;
      row.forEach(({ back, into }, l) => {
        const product = dot(back, column[l].back);
        if (product !== 0) sum += into ? dot(into, column[l].into!) * product : product;
      });
      K[i * right.length + j] = sum;
    }),
  );
  return K;
}

/** What a sample's part of a kernel is made of: the sum over layers of <into, into'> <back, back'>. */
interface Factor {
  back: Float64Array;
  into?: Float64Array;
}

/** By layer: signals back from each output in turn, and what goes in. */
function denseFactors(layers: readonly ReferenceLayer[], weights: Float64Array, x: Float64Array): Factor[] {
  const all = activations(layers, weights, x);
  const back = Array.from(all.at(-1)!, (_, output) => signals(layers, weights, all, output));
  return layers.map((_, l) => ({
    into: all[l],
    back: Float64Array.from(back.flatMap((from) => [...from[l]])),
  }));
}

/** The gradients of each output in turn. */
const gradients = (
  layers: readonly ReferenceLayer[],
  weights: Float64Array,
  x: Float64Array,
  frozen: number,
): Factor => ({
  back: Float64Array.from(
    Array.from({ length: layers.at(-1)!.sizes.fan_out }, (_, output) => [
      ...gradient(layers, weights, x, output).subarray(frozen),
    ]).flat(),
  ),
});

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

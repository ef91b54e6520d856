import type { LayerSizes, ReferenceLayer } from "../../src/layers/layer.ts";
import { weightsOf } from "../../src/layers/pass.ts";
import { gamma } from "../../src/models/roundoff.ts";

/** Windows that a pixel lies in at most, along one side: of weights that positions share the norm is so many times as large. */
export const overlapOf = ({ sizes: { window, window_stride } }: ReferenceLayer): number =>
  Math.ceil(window / window_stride);

/** Terms of a sum forwards, and of one back. */
const termsOf = ({ fan_in, window, fan_out }: LayerSizes) => (fan_out > 0 ? fan_in : window ** 2);
const termsBack = ({ window, fan_out }: LayerSizes) => (fan_out > 0 ? fan_out * window ** 2 : 1);

/** Numbers, and what float32 may make of each. */
export interface Rounded {
  values: Float64Array;
  errors: Float64Array;
}

/** By layer: what comes in, before it is rectified what comes out, and signals back as they arrive and as units pass them on. */
export interface Pass {
  below: Rounded[];
  z: Rounded[];
  arriving: Rounded[];
  back: Rounded[];
}

/**
 * One sample through a network of any layers in float64, forwards and back, and beside it what float32 may make of every number, to
 * first order in u, with sums in any order and weights as they are or as a start and a displacement:
 *
 *   of Z   gamma(2 terms + 4) |W| |H|, and the error of H through |W|
 *   of B   gamma(2 terms + 2) |W|^T |B|, and the error of B above through |W|^T; all of it where Z may have another sign
 *
 * @param start of what comes back, from the output
 */
export function roundedPass(
  network: readonly ReferenceLayer[],
  weights: Float64Array,
  x: Float64Array,
  start: (output: Rounded) => { value: number; error: number },
): Pass {
  const W = network.map((layer) => weightsOf(layer, weights));
  const sizes = W.map((own) => own.map(Math.abs));
  const below: Rounded[] = [{ values: x, errors: new Float64Array(x.length) }];
  const z = network.map((layer, l): Rounded => {
    const { reference, rectified } = layer;
    const { values, errors } = below[l];
    const own = reference.forward(layer.sizes, W[l], values);
    const through = reference.forward(layer.sizes, sizes[l], errors);
    const rounding = gamma(2 * termsOf(layer.sizes) + 4);
    reference
      .forward(layer.sizes, sizes[l], values.map(Math.abs))
      .forEach((size, unit) => (through[unit] += rounding * size));
    below.push({
      values: rectified ? own.map((value) => Math.max(value, 0)) : own,
      errors: rectified ? through.map((error, unit) => (own[unit] > -error ? error : 0)) : through,
    });
    return { values: own, errors: through };
  });

  const arriving = new Array<Rounded>(network.length);
  const back = new Array<Rounded>(network.length);
  const top = network.length - 1;
  const { value, error } = start(z[top]);
  arriving[top] = back[top] = { values: Float64Array.of(value), errors: Float64Array.of(error) };
  for (let l = top; l > 0; l--) {
    const { reference, sizes: size, gated } = network[l];
    const { values, errors } = back[l];
    const rounding = gamma(2 * termsBack(size) + 2);
    const h = below[l].values;
    const rounded = errors.map((own, unit) => own + rounding * Math.abs(values[unit]));
    const next = {
      values: reference.backward(size, W[l], values, h),
      errors: reference.backward(size, sizes[l], rounded, h),
    };
    arriving[l - 1] = next;
    if (!gated) {
      back[l - 1] = next;
      continue;
    }
    const { values: from, errors: off } = z[l - 1];
    back[l - 1] = {
      values: next.values.map((value, unit) => (h[unit] > 0 ? value : 0)),
      errors: next.errors.map((error, unit) => {
        if (Math.abs(from[unit]) <= off[unit]) return error + Math.abs(next.values[unit]);
        return h[unit] > 0 ? error : 0;
      }),
    };
  }
  return { below, z, arriving, back };
}

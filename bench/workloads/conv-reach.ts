import type { ReferenceLayer } from "../../src/layers/layer.ts";
import { weightsOf } from "../../src/layers/pass.ts";
import { norm } from "../../src/models/roundoff.ts";
import type { Rounded } from "./conv-pass.ts";

/**
 * How far pre-activations of convolutions move at most, by weights that move by 1 in all: by layer, a function of the unit,
 *
 *   |h on its patch| + |W's row| |T on its patch|
 *
 * T is how far all channels below move at a pixel, in the Euclidean norm: 0 of the input, |h on the patch| + |W| |T on the patch| above a
 * convolution, the window's mean above a mean. Whether units are active makes T no larger.
 */
export function reachesOf(
  network: readonly ReferenceLayer[],
  weights: Float64Array,
  below: readonly Rounded[],
): ((unit: number) => number)[] {
  let moves = new Float64Array(network[0].sizes.positions_below);
  return network.slice(0, -1).map((layer, l) => {
    const { reference, sizes } = layer;
    const { fan_in, fan_out, window, positions } = sizes;
    if (fan_out === 0) {
      moves = Float64Array.from(reference.forward({ ...sizes, channels_below: 1 }, moves, moves));
      return () => 0;
    }
    /** Norms on every patch, of so many channels. */
    const patches = (values: Float64Array, terms: number) =>
      reference
        .forward(
          { ...sizes, fan_out: 1, fan_in: terms },
          new Float64Array(terms).fill(1),
          values.map((value) => value ** 2),
        )
        .map(Math.sqrt);
    const W = weightsOf(layer, weights);
    const rows = Array.from({ length: fan_out }, (_, unit) =>
      norm(W.subarray(unit * fan_in, (unit + 1) * fan_in)),
    );
    const [own, through] = [patches(below[l].values, fan_in), patches(moves, window ** 2)];
    moves = own.map((patch, position) => patch + norm(W) * through[position]);
    return (unit) => own[unit % positions] + rows[Math.floor(unit / positions)] * through[unit % positions];
  });
}

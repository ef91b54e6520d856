import { weightsOf } from "../../src/layers/pass.ts";
import { gamma, norm } from "../../src/models/roundoff.ts";
import { overlapOf, roundedPass } from "./conv-pass.ts";
import { reachesOf } from "./conv-reach.ts";
import { type Slope, expectDescent } from "./descent-reference.ts";
import type { ConvSeeds, Expectation } from "./problem.ts";

/**
 * Steps of some runs in float64, with a bound on what the same steps in float32 may differ by (descent-reference.ts): any engine's
 * arithmetic is bounded here, as for dense networks (relu-reference.ts). Couplings of layers a < b are at most, with
 * s = (2 / N) r and b_b = s df / dz_b,
 *
 *   m_a |h_(a-1)| n_(a+1) ... n_(b-1) m_b |b_b|
 *
 * summed over samples: m windows along a side that a pixel lies in, n what a layer stretches a vector by at most, m |W| in the
 * Frobenius norm, and of means over windows 1. The gradient jumps where a pre-activation is so small that its error, and
 * what it moves by with the weights (conv-reach.ts), may be larger. Rounding is
 *
 *   of z, b        see conv-pass.ts
 *   of r           gamma(8) |y|, and the error of f
 *   of gradients   gamma(N positions + 4) of the sum of absolute terms, and the errors of b and h through them
 */
export const expectConv = (
  problem: ConvSeeds,
  checked: readonly number[],
  steps: readonly number[],
): Expectation[] => expectDescent(problem, checked, steps, (w, e) => slopeAt(problem, w, e));

function slopeAt({ samples: N, side, length, network, X, y }: ConvSeeds, w: Float64Array, e: number): Slope {
  const scale = 2 / N;
  const overlaps = network.map(overlapOf);
  const gradient = new Float64Array(length);
  const error = new Float64Array(length);
  const couplings = network.map(() => new Float64Array(network.length));
  const stretches = network.map((layer, l) =>
    layer.sizes.fan_out > 0 ? overlaps[l] * norm(weightsOf(layer, w)) : 1,
  );
  let jump = 0;
  for (let j = 0; j < N; j++) {
    const { below, z, arriving, back } = roundedPass(
      network,
      w,
      X.subarray(j * side ** 2, (j + 1) * side ** 2),
      ({ values: [f], errors: [off] }) => ({
        value: scale * (f - y[j]),
        error: scale * (off + gamma(8) * (Math.abs(y[j]) + Math.abs(f))),
      }),
    );
    const reaches = reachesOf(network, w, below);
    let above = Math.abs(back.at(-1)!.values[0]) * stretches.reduce((one, two) => one * Math.max(1, two), 1);
    network.forEach((layer, l) => {
      const { reference, sizes, rectified } = layer;
      const [h, b] = [below[l], back[l]];
      const size = h.values.map(Math.abs);
      above /= Math.max(1, stretches[l]);
      if (sizes.fan_out > 0) {
        const own = weightsOf(layer, gradient);
        reference.gradient(sizes, b.values, h.values, own);
        const rounding = gamma(N * sizes.positions + 4);
        const offs = weightsOf(layer, error);
        const factors = b.values.map((value, unit) => b.errors[unit] + rounding * Math.abs(value));
        reference.gradient(sizes, factors, size, offs);
        reference.gradient(sizes, b.values.map(Math.abs), h.errors, offs);
      }
      if (rectified)
        z[l].values.forEach((value, unit) => {
          const own = reaches[l](unit);
          const threshold = own * e + z[l].errors[unit];
          if (Math.abs(value) <= threshold)
            jump += Math.abs(arriving[l].values[unit]) * own + above * threshold;
        });
      const input = norm(h.values);
      if (sizes.fan_out > 0) {
        let passed = overlaps[l] * input;
        for (let k = l + 1; k < network.length; k++) {
          if (network[k].sizes.fan_out > 0) couplings[l][k] += passed * overlaps[k] * norm(back[k].values);
          passed *= stretches[k];
        }
      }
    });
  }
  return { gradient, error, couplings, jump };
}

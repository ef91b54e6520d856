import type { ReferenceLayer } from "../../src/layers/layer.ts";
import { weightsOf } from "../../src/layers/pass.ts";
import { gamma, norm } from "../../src/models/roundoff.ts";
import { roundedPass } from "./conv-pass.ts";
import type { ConvKernels } from "./problem.ts";

/**
 * The tangent kernel of one run in float64, K = J J^T, and what float32 may make of it, relative to its Frobenius norm and to first
 * order in u, whether gradients of single samples are made or pairs of positions, with sums in any order: an entry's error is
 *
 *   |J_j| |dJ_k| + |dJ_j| |J_k| + gamma(parameters + 2 positions + 8) |J_j| |J_k|
 *
 * |J| sums of absolute terms, dJ what errors of signals and activations make of them (conv-pass.ts).
 */
export function expectConvKernel(
  { samples: N, side, network, parameters, X, starts }: ConvKernels,
  run: number,
): { kernel: Float64Array; bound: number } {
  const weights = starts.subarray(run * parameters, (run + 1) * parameters);
  const rows = Array.from({ length: N }, (_, j) =>
    gradientOf(network, weights, X.subarray(j * side ** 2, (j + 1) * side ** 2)),
  );
  const positions = Math.max(...network.map(({ sizes }) => sizes.positions));
  const rounding = gamma(parameters + 2 * positions + 8);
  const kernel = new Float64Array(N * N);
  const errors = new Float64Array(N * N);
  rows.forEach((one, j) =>
    rows.forEach((other, k) => {
      const at = j * N + k;
      for (let p = 0; p < parameters; p++) {
        kernel[at] += one.gradient[p] * other.gradient[p];
        errors[at] +=
          one.size[p] * other.error[p] +
          one.error[p] * (other.size[p] + other.error[p]) +
          rounding * one.size[p] * other.size[p];
      }
    }),
  );
  return { kernel, bound: norm(errors) / norm(kernel) };
}

/** The output's gradient for one sample, the sums of its absolute terms, and what float32 may make of it. */
function gradientOf(network: readonly ReferenceLayer[], weights: Float64Array, x: Float64Array) {
  const { below, back } = roundedPass(network, weights, x, () => ({ value: 1, error: 0 }));
  const [gradient, size, error] = Array.from({ length: 3 }, () => new Float64Array(weights.length));
  network.forEach((layer, l) => {
    const { reference, sizes } = layer;
    const [h, b] = [below[l], back[l]];
    const [absoluteH, absoluteB] = [h.values.map(Math.abs), b.values.map(Math.abs)];
    reference.gradient(sizes, b.values, h.values, weightsOf(layer, gradient));
    reference.gradient(sizes, absoluteB, absoluteH, weightsOf(layer, size));
    reference.gradient(sizes, b.errors, absoluteH, weightsOf(layer, error));
    reference.gradient(sizes, absoluteB, h.errors, weightsOf(layer, error));
  });
  return { gradient, size, error };
}

import { gamma, norm, u } from "../../src/models/roundoff.ts";
import { type Slope, expectDescent } from "./descent-reference.ts";
import type { Expectation, ReluSeeds } from "./problem.ts";

/**
 * Steps of some runs in float64, with a bound on what the same steps in float32 may differ by (descent-reference.ts). Any engine's
 * arithmetic is bounded here, also one that stores weights as they are, and thousands of steps are followed:
 * the models' own bounds (src/models/relu.bound.ts) hold for displacements only, and take the whole Jacobian every step.
 *
 * Of z_l = W_l h_(l-1), h_l = [z_l]+, f = z_L, within one pattern of activity the Hessian is J^T J, which below the limit of
 * stability takes nothing further apart, and the sum over samples of s = (2 / N) r times the second derivative of f. That couples
 * layers a < b by at most
 *
 *   |h_(a-1)| |W_(a+1)| ... |W_(b-1)| |b_b|,   b_l = s df / dz_l
 *
 * and the last hidden one and the output by max over units of |sum over active samples of s h|. The gradient jumps where a
 * pre-activation is so small that its error may be larger: sigma = |h_(l-1)| + |W_l's row| T_(l-1) is how fast it moves with the
 * weights, T_l = |h_(l-1)| + |W_l| T_(l-1). Rounding is, with sums in any order,
 *
 *   of z   gamma(2 fan_in + 4) |W| h, displacements and start being multiplied apart, and the error of h through |W|
 *   of r   gamma(2 fan_in + 4) |y|, and the error of f
 *   of b   gamma(2 fan_out + 2) |W|^T |b|, and the error of b above through |W|^T
 *   of gradients   gamma(N + 4) of the sum of absolute terms, and the errors of b and h through them
 */
export const expectRelu = (
  problem: ReluSeeds,
  checked: readonly number[],
  steps: readonly number[],
): Expectation[] => expectDescent(problem, checked, steps, (w, e) => slopeAt(problem, w, e));

function slopeAt({ samples: N, length, layers, X, y, inputs }: ReluSeeds, w: Float64Array, e: number): Slope {
  const last = layers.length - 1;
  const { fan_in, fan_out } = layers[last - 1];
  const zeros = () => layers.map(({ fan_out }) => new Float64Array(fan_out));
  // By layer: pre-activations, activations, signals back and signals before they meet the ReLU, each with its error.
  const [z, zError, h, hError, b, bError, q, qError] = Array.from({ length: 8 }, zeros);
  const xError = new Float64Array(inputs);
  const gradient = new Float64Array(length);
  const error = new Float64Array(length);
  const norms = layers.map(({ offset, fan_in, fan_out }, l) =>
    l > 0 && l < last ? largestSingularValue(w.subarray(offset, offset + fan_in * fan_out), fan_in) : 0,
  );
  const rows = layers.map(({ offset, fan_in, fan_out }) =>
    Float64Array.from({ length: fan_out }, (_, unit) =>
      norm(w.subarray(offset + unit * fan_in, offset + (unit + 1) * fan_in)),
    ),
  );
  const couplings = layers.map(() => new Float64Array(layers.length));
  const outer = new Float64Array(fan_in * fan_out);
  let jump = 0;
  for (let j = 0; j < N; j++) {
    const x = X.subarray(j * inputs, (j + 1) * inputs);
    const below = (l: number) => (l > 0 ? h[l - 1] : x);
    const belowError = (l: number) => (l > 0 ? hError[l - 1] : xError);
    layers.forEach(({ offset, fan_in, fan_out }, l) => {
      const [from, fromError] = [below(l), belowError(l)];
      for (let unit = 0; unit < fan_out; unit++) {
        const row = offset + unit * fan_in;
        let [sum, magnitude, inherited] = [0, 0, 0];
        for (let i = 0; i < fan_in; i++) {
          const weight = w[row + i];
          sum += weight * from[i];
          magnitude += Math.abs(weight * from[i]);
          inherited += Math.abs(weight) * fromError[i];
        }
        z[l][unit] = sum;
        zError[l][unit] = gamma(2 * fan_in + 4) * magnitude + inherited;
        h[l][unit] = Math.max(sum, 0);
        hError[l][unit] = sum > -zError[l][unit] ? zError[l][unit] : 0;
      }
    });
    const scale = 2 / N;
    const r = z[last][0] - y[j];
    b[last][0] = scale * r;
    bError[last][0] =
      scale * (zError[last][0] + gamma(2 * layers[last].fan_in + 4) * Math.abs(y[j]) + 4 * u * Math.abs(r));
    for (let l = last; l >= 0; l--) {
      const { offset, fan_in, fan_out } = layers[l];
      const [from, fromError] = [below(l), belowError(l)];
      if (l > 0) {
        q[l - 1].fill(0);
        qError[l - 1].fill(0);
      }
      for (let unit = 0; unit < fan_out; unit++) {
        const [back, backError] = [b[l][unit], bError[l][unit]];
        if (back === 0 && backError === 0) continue;
        const row = offset + unit * fan_in;
        const rounded = backError + gamma(N + 4) * Math.abs(back);
        for (let i = 0; i < fan_in; i++) {
          gradient[row + i] += back * from[i];
          error[row + i] += rounded * Math.abs(from[i]) + Math.abs(back) * fromError[i];
        }
        if (l === 0) continue;
        for (let i = 0; i < fan_in; i++) {
          q[l - 1][i] += w[row + i] * back;
          qError[l - 1][i] += Math.abs(w[row + i]) * (backError + gamma(2 * fan_out + 2) * Math.abs(back));
        }
      }
      if (l === 0) continue;
      for (let i = 0; i < fan_in; i++) {
        const active = z[l - 1][i] > 0;
        b[l - 1][i] = active ? q[l - 1][i] : 0;
        bError[l - 1][i] = active ? qError[l - 1][i] : 0;
      }
    }
    // What this sample adds to couplings and jumps.
    const from = layers.map((_, l) => norm(below(l)));
    const back = b.map(norm);
    let reach = 0;
    for (let l = 0; l < last; l++) {
      for (let unit = 0; unit < layers[l].fan_out; unit++) {
        const sigma = from[l] + rows[l][unit] * reach;
        const threshold = sigma * e + zError[l][unit];
        if (Math.abs(z[l][unit]) <= threshold) jump += Math.abs(q[l][unit]) * sigma + back[l + 1] * threshold;
      }
      reach = from[l] + norms[l] * reach;
      let passed = from[l];
      for (let above = l + 1; above <= last; above++) {
        if (above < last || l < last - 1) couplings[l][above] += passed * back[above];
        passed *= norms[above];
      }
    }
    const deepest = below(last - 1);
    for (let unit = 0; unit < fan_out; unit++)
      if (z[last - 1][unit] > 0)
        for (let i = 0; i < fan_in; i++) outer[unit * fan_in + i] += b[last][0] * deepest[i];
  }
  for (let unit = 0; unit < fan_out; unit++)
    couplings[last - 1][last] = Math.max(
      couplings[last - 1][last],
      norm(outer.subarray(unit * fan_in, (unit + 1) * fan_in)),
    );
  return { gradient, error, couplings, jump };
}

/** A bound on the largest singular value of W [rows, columns]: (sum of their 16th powers)^(1/16). */
function largestSingularValue(W: Float64Array, columns: number): number {
  const rows = W.length / columns;
  const gram = (A: Float64Array, size: number, length: number) => {
    const G = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < length; k++) sum += A[i * length + k] * A[j * length + k];
        G[i * size + j] = G[j * size + i] = sum;
      }
    return G;
  };
  let power = gram(W, rows, columns);
  for (let squaring = 0; squaring < 2; squaring++) power = gram(power, rows, rows);
  return norm(power) ** (1 / 8);
}

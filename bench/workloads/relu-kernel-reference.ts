import { gamma, norm, u } from "../../src/models/roundoff.ts";
import type { ReluKernels } from "./problem.ts";

/** Numbers of all samples, [samples, units], and what float32 may make of each. */
interface Rounded {
  units: number;
  values: Float64Array;
  errors: Float64Array;
}

/**
 * The tangent kernel of one run in float64, K = sum over layers of G o Q, G = H H^T, Q = B B^T, and what float32 may
 * make of it, relative to its Frobenius norm and to first order in u, with sums in any order:
 *
 *   of Z   gamma(fan_in + 2) |W| H, and the error of H through |W|
 *   of B   gamma(fan_out + 2) |W|^T |B|, and the error of B above through |W|^T; all of it where Z may have another sign
 *   of G   gamma(fan_in + 2) |H| |H|^T, and the error of H on both sides; of Q likewise
 *   of K   the errors of G and Q through |Q| and |G|, and gamma(layers + 3) of the sum of |G o Q|
 */
export function expectReluKernel(
  { samples: N, inputs, layers, parameters, X, starts }: ReluKernels,
  run: number,
): { kernel: Float64Array; bound: number } {
  const weights = starts.subarray(run * parameters, (run + 1) * parameters);
  const last = layers.length - 1;
  // Below each layer; and of each but the output, whether a unit's activity is sure.
  const below: Rounded[] = [{ units: inputs, values: X, errors: new Float64Array(N * inputs) }];
  const unsure: Uint8Array[] = [];
  for (const { offset, fan_in, fan_out } of layers.slice(0, -1)) {
    const from = below.at(-1)!;
    const above = zeros(N, fan_out);
    const gates = new Uint8Array(N * fan_out);
    for (let j = 0; j < N; j++)
      for (let unit = 0; unit < fan_out; unit++) {
        let [z, size, inherited] = [0, 0, 0];
        for (let i = 0; i < fan_in; i++) {
          const weight = weights[offset + unit * fan_in + i];
          const h = from.values[j * fan_in + i];
          z += weight * h;
          size += Math.abs(weight * h);
          inherited += Math.abs(weight) * from.errors[j * fan_in + i];
        }
        const error = gamma(fan_in + 2) * size + inherited;
        const at = j * fan_out + unit;
        above.values[at] = Math.max(0, z);
        above.errors[at] = z > -error ? error : 0;
        gates[at] = Number(Math.abs(z) <= error);
      }
    below.push(above);
    unsure.push(gates);
  }

  const kernel = new Float64Array(N * N);
  const errors = new Float64Array(N * N);
  const sizes = new Float64Array(N * N);
  let back: Rounded = { units: 1, values: new Float64Array(N).fill(1), errors: new Float64Array(N) };
  for (let l = last; l >= 0; l--) {
    const [G, Q] = [gram(below[l], N), gram(back, N)];
    for (let at = 0; at < N * N; at++) {
      const term = G.values[at] * Q.values[at];
      kernel[at] += term;
      sizes[at] += Math.abs(term);
      errors[at] +=
        Math.abs(G.values[at]) * Q.errors[at] + (Math.abs(Q.values[at]) + Q.errors[at]) * G.errors[at];
    }
    if (l === 0) break;
    const { offset, fan_in, fan_out } = layers[l];
    const next = zeros(N, fan_in);
    for (let j = 0; j < N; j++) {
      for (let unit = 0; unit < fan_out; unit++) {
        const b = back.values[j * fan_out + unit];
        const error = back.errors[j * fan_out + unit] + gamma(fan_out + 2) * Math.abs(b);
        if (error === 0) continue;
        for (let i = 0; i < fan_in; i++) {
          const weight = weights[offset + unit * fan_in + i];
          next.values[j * fan_in + i] += weight * b;
          next.errors[j * fan_in + i] += Math.abs(weight) * error;
        }
      }
      for (let at = j * fan_in; at < (j + 1) * fan_in; at++) {
        const isActive = below[l].values[at] > 0;
        if (unsure[l - 1][at]) next.errors[at] += Math.abs(next.values[at]);
        else if (!isActive) next.errors[at] = 0;
        if (!isActive) next.values[at] = 0;
      }
    }
    back = next;
  }
  for (let at = 0; at < N * N; at++)
    errors[at] += gamma(layers.length + 3) * sizes[at] + u * Math.abs(kernel[at]);
  return { kernel, bound: norm(errors) / norm(kernel) };
}

const zeros = (samples: number, units: number): Rounded => ({
  units,
  values: new Float64Array(samples * units),
  errors: new Float64Array(samples * units),
});

/** A A^T, [samples, samples]. */
function gram({ units, values, errors }: Rounded, samples: number): Rounded {
  const G = zeros(samples, samples);
  for (let i = 0; i < samples; i++)
    for (let j = 0; j <= i; j++) {
      let [sum, size, inherited] = [0, 0, 0];
      for (let unit = 0; unit < units; unit++) {
        const [one, other] = [values[i * units + unit], values[j * units + unit]];
        const [oneError, otherError] = [errors[i * units + unit], errors[j * units + unit]];
        sum += one * other;
        size += Math.abs(one * other);
        inherited += Math.abs(one) * otherError + (Math.abs(other) + otherError) * oneError;
      }
      G.values[i * samples + j] = G.values[j * samples + i] = sum;
      G.errors[i * samples + j] = G.errors[j * samples + i] = gamma(units + 2) * size + inherited;
    }
  return G;
}

import type { ReluKernels } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";
import { javascriptTrainer } from "./javascript-trainer.ts";
import { products } from "./javascript-products.ts";

/**
 * Tangent kernels of ReLU networks in plain JavaScript: one thread, float32 arrays, every product one of rows with rows in
 * tiles that stay in registers, and of Gram matrices one triangle. Sums run in float64.
 */
export function makeKernels({ samples, inputs, layers, parameters, runs, X, starts }: ReluKernels): Trainer {
  const weights = Float32Array.from(starts);
  const last = layers.length - 1;
  // By layer: activations below it and signals back from it, a sample a row, and its weights transposed.
  const below = layers.map(({ fan_in }) => new Float32Array(samples * fan_in));
  const back = layers.map(({ fan_out }) => new Float32Array(samples * fan_out).fill(1));
  const transposed = layers.map(({ fan_in, fan_out }) => new Float32Array(fan_in * fan_out));
  const G = new Float32Array(samples ** 2);
  const Q = new Float32Array(samples ** 2);
  const results = new Float32Array(runs * samples ** 2);
  below[0].set(X);
  products(below[0], below[0], G, { rows: samples, columns: samples, length: inputs, isTriangle: true });
  const inputGram = G.slice();

  const kernelOf = (run: number) => {
    const K = results.subarray(run * samples ** 2, (run + 1) * samples ** 2);
    const matrixOf = ({ offset, fan_in, fan_out }: (typeof layers)[number]) =>
      weights.subarray(run * parameters + offset, run * parameters + offset + fan_in * fan_out);
    for (let l = 0; l < last; l++) {
      const { fan_in, fan_out } = layers[l];
      const above = below[l + 1];
      products(below[l], matrixOf(layers[l]), above, { rows: samples, columns: fan_out, length: fan_in });
      for (let at = 0; at < above.length; at++) if (above[at] < 0) above[at] = 0;
    }
    // The output's signals are 1: its layer's part is G alone.
    const shape = { rows: samples, columns: samples, isTriangle: true };
    products(below[last], below[last], K, { ...shape, length: layers[last].fan_in });
    for (let l = last; l > 0; l--) {
      const { fan_in, fan_out } = layers[l];
      const matrix = matrixOf(layers[l]);
      for (let unit = 0; unit < fan_out; unit++)
        for (let i = 0; i < fan_in; i++) transposed[l][i * fan_out + unit] = matrix[unit * fan_in + i];
      products(back[l], transposed[l], back[l - 1], { rows: samples, columns: fan_in, length: fan_out });
      for (let at = 0; at < back[l - 1].length; at++) if (!(below[l][at] > 0)) back[l - 1][at] = 0;
      products(back[l - 1], back[l - 1], Q, { ...shape, length: fan_in });
      if (l > 1) products(below[l - 1], below[l - 1], G, { ...shape, length: layers[l - 1].fan_in });
      const gram = l > 1 ? G : inputGram;
      for (let i = 0; i < samples; i++)
        for (let j = 0; j <= i; j++) K[i * samples + j] += gram[i * samples + j] * Q[i * samples + j];
    }
    for (let i = 0; i < samples; i++) for (let j = 0; j < i; j++) K[j * samples + i] = K[i * samples + j];
  };

  return javascriptTrainer(runs, kernelOf, results);
}

import type { ReluKernels } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";

/** Rows and columns of a product that are summed side by side: eight loads feed sixteen products. */
const TILE = 4;

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

  return {
    fewestSteps: 1,
    seconds: 0.15,
    async train(steps) {
      const begun = performance.now();
      for (let step = 0; step < steps; step++) for (let run = 0; run < runs; run++) kernelOf(run);
      const milliseconds = performance.now() - begun;
      return { microsecondsPerStep: (1000 * milliseconds) / steps, results: results.slice() };
    },
    release() {},
  };
}

/** C = A B^T of rows of A and rows of B; of a triangle, the tiles on and below the diagonal. */
function products(
  A: Float32Array,
  B: Float32Array,
  C: Float32Array,
  shape: { rows: number; columns: number; length: number; isTriangle?: boolean },
): void {
  const { rows, columns, length, isTriangle = false } = shape;
  for (let i = 0; i < rows; i += TILE) {
    // Rows and columns past the end repeat the last: what they are in is written more than once, with the same numbers.
    const [i1, i2, i3] = [1, 2, 3].map((k) => Math.min(i + k, rows - 1));
    const end = isTriangle ? Math.min(columns, i + TILE) : columns;
    for (let j = 0; j < end; j += TILE) {
      const [j1, j2, j3] = [
        Math.min(j + 1, columns - 1),
        Math.min(j + 2, columns - 1),
        Math.min(j + 3, columns - 1),
      ];
      const [a0, a1, a2, a3] = [i * length, i1 * length, i2 * length, i3 * length];
      const [b0, b1, b2, b3] = [j * length, j1 * length, j2 * length, j3 * length];
      let [c00, c01, c02, c03, c10, c11, c12, c13] = [0, 0, 0, 0, 0, 0, 0, 0];
      let [c20, c21, c22, c23, c30, c31, c32, c33] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let k = 0; k < length; k++) {
        const [w, x, y, z] = [B[b0 + k], B[b1 + k], B[b2 + k], B[b3 + k]];
        const first = A[a0 + k];
        c00 += first * w;
        c01 += first * x;
        c02 += first * y;
        c03 += first * z;
        const second = A[a1 + k];
        c10 += second * w;
        c11 += second * x;
        c12 += second * y;
        c13 += second * z;
        const third = A[a2 + k];
        c20 += third * w;
        c21 += third * x;
        c22 += third * y;
        c23 += third * z;
        const fourth = A[a3 + k];
        c30 += fourth * w;
        c31 += fourth * x;
        c32 += fourth * y;
        c33 += fourth * z;
      }
      write(C, i * columns, j, j1, j2, j3, c00, c01, c02, c03);
      write(C, i1 * columns, j, j1, j2, j3, c10, c11, c12, c13);
      write(C, i2 * columns, j, j1, j2, j3, c20, c21, c22, c23);
      write(C, i3 * columns, j, j1, j2, j3, c30, c31, c32, c33);
    }
  }
}

function write(
  C: Float32Array,
  row: number,
  j0: number,
  j1: number,
  j2: number,
  j3: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
): void {
  C[row + j0] = c0;
  C[row + j1] = c1;
  C[row + j2] = c2;
  C[row + j3] = c3;
}

import type { MatrixSweep } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";

/** Matrix factorization in plain JavaScript: products of square matrices row by row, which the cache holds. */
export function trainMatrix(problem: MatrixSweep): Trainer {
  const { size: n, factors: D, runs, observed, parameters, length, stepSize } = problem;
  const mask = Float32Array.from(problem.mask);
  const targets = Float32Array.from(problem.targets);
  const weights = new Float32Array(runs * parameters);
  const matrix = () => new Float32Array(n * n);
  const products = Array.from({ length: D }, matrix);
  const [signal, next] = [matrix(), matrix()];
  const rate = (2 * stepSize) / observed;
  const factor = (run: number, l: number) =>
    weights.subarray(run * parameters + l * n * n, run * parameters + (l + 1) * n * n);

  const forward = (run: number) => {
    products[0].set(factor(run, 0));
    for (let l = 1; l < D; l++) {
      const [W, below, above] = [factor(run, l), products[l - 1], products[l]];
      above.fill(0);
      for (let i = 0; i < n; i++)
        for (let k = 0; k < n; k++) {
          const w = W[i * n + k];
          for (let j = 0; j < n; j++) above[i * n + j] += w * below[k * n + j];
        }
    }
    return products[D - 1];
  };
  const descend = (run: number) => {
    const W = forward(run);
    for (let i = 0; i < n * n; i++) signal[i] = rate * mask[i] * (W[i] - targets[i]);
    for (let l = D - 1; l > 0; l--) {
      const [own, below] = [factor(run, l), products[l - 1]];
      next.fill(0);
      for (let i = 0; i < n; i++)
        for (let k = 0; k < n; k++) {
          const w = own[i * n + k];
          let change = 0;
          for (let j = 0; j < n; j++) {
            next[k * n + j] += w * signal[i * n + j];
            change += signal[i * n + j] * below[k * n + j];
          }
          own[i * n + k] = w - change;
        }
      signal.set(next);
    }
    const first = factor(run, 0);
    for (let i = 0; i < n * n; i++) first[i] -= signal[i];
  };
  return {
    fewestSteps: 1,
    seconds: 0.15,
    async train(steps) {
      weights.set(problem.starts);
      const begun = performance.now();
      for (let step = 0; step < steps; step++) for (let run = 0; run < runs; run++) descend(run);
      const milliseconds = performance.now() - begun;
      const results = new Float32Array(runs * length);
      for (let run = 0; run < runs; run++) results.set(forward(run), run * length);
      return { microsecondsPerStep: (1000 * milliseconds) / steps, results };
    },
    release() {},
  };
}

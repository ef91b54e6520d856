import type { Engine } from "./engine.ts";
import { trainRelu } from "./javascript_relu.ts";

/**
 * The same training in plain JavaScript, as one would write it for speed: one thread, typed arrays of float32, weights
 * w+ and w- themselves, two products of a matrix and a vector a step, each row of X used twice while it is in the cache.
 * Sums run in float64, as all of JavaScript's do.
 */
export const javascript: Engine = {
  id: "js",
  async prepare(problem) {
    if (problem.kind === "relu-seeds") return trainRelu(problem);
    const { samples, inputs, alphas } = problem;
    const plus = new Float32Array(alphas.length * inputs);
    const minus = new Float32Array(alphas.length * inputs);
    const start = () =>
      alphas.forEach((alpha, run) => {
        plus.fill(alpha, run * inputs, (run + 1) * inputs);
        minus.fill(alpha, run * inputs, (run + 1) * inputs);
      });
    const arrays = {
      X: Float32Array.from(problem.X),
      y: Float32Array.from(problem.y),
      beta: new Float32Array(inputs),
      slope: new Float32Array(inputs),
      rate: (4 * problem.stepSize) / samples,
    };
    return {
      fewestSteps: 1,
      seconds: 0.15,
      async train(steps) {
        start();
        const begun = performance.now();
        descend(arrays, plus, minus, steps);
        const milliseconds = performance.now() - begun;
        return {
          microsecondsPerStep: (1000 * milliseconds) / steps,
          results: plus.map((value, i) => value * value - minus[i] * minus[i]),
        };
      },
      release() {},
    };
  },
};

interface Arrays {
  X: Float32Array;
  y: Float32Array;
  beta: Float32Array;
  slope: Float32Array;
  /** 4 (step size) / samples. */
  rate: number;
}

/** Takes steps of all runs; the weights are [runs, inputs], beta and slope [inputs] are room to work in. */
function descend(
  { X, y, beta, slope, rate }: Arrays,
  plus: Float32Array,
  minus: Float32Array,
  steps: number,
): void {
  const inputs = beta.length;
  const samples = y.length;
  for (let step = 0; step < steps; step++)
    for (let run = 0; run < plus.length; run += inputs) {
      for (let i = 0; i < inputs; i++) {
        beta[i] = plus[run + i] * plus[run + i] - minus[run + i] * minus[run + i];
        slope[i] = 0;
      }
      for (let j = 0; j < samples; j++) {
        const row = j * inputs;
        let residual = -y[j];
        for (let i = 0; i < inputs; i++) residual += X[row + i] * beta[i];
        for (let i = 0; i < inputs; i++) slope[i] += X[row + i] * residual;
      }
      for (let i = 0; i < inputs; i++) {
        const change = rate * slope[i];
        plus[run + i] -= change * plus[run + i];
        minus[run + i] += change * minus[run + i];
      }
    }
}

import type { DiagonalSweep } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";

/**
 * Diagonal networks in plain JavaScript: weights w+ and w- themselves, two products of a matrix and a vector a step,
 * each row of X used twice while it is in the cache. Sums run in float64, as all of JavaScript's do.
 */
export function trainDiagonal(problem: DiagonalSweep): Trainer {
  const { samples, inputs, alphas, runs, length, recordEvery, result } = problem;
  const plus = new Float32Array(runs * inputs);
  const minus = new Float32Array(runs * inputs);
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
    rate: (2 * problem.depth * problem.stepSize) / samples,
    depth: problem.depth,
  };
  const scale = new Float32Array(inputs);
  const results = () => {
    const found = new Float32Array(runs * length);
    for (let run = 0; run < runs; run++)
      if (result === "ntk") kernel(arrays, plus, minus, run, scale, found);
      else
        for (let k = run * inputs; k < (run + 1) * inputs; k++)
          found[k] = plus[k] ** problem.depth - minus[k] ** problem.depth;
    return found;
  };
  return {
    fewestSteps: 1,
    seconds: 0.15,
    async train(steps) {
      start();
      const records: Float32Array[] = [];
      const begun = performance.now();
      for (let done = 0; done < steps;) {
        const turn = Math.min(recordEvery ?? steps, steps - done);
        descend(arrays, plus, minus, turn);
        done += turn;
        if (recordEvery) records.push(results());
      }
      const milliseconds = performance.now() - begun;
      return {
        microsecondsPerStep: (1000 * milliseconds) / steps,
        results: records.at(-1) ?? results(),
      };
    },
    release() {},
  };
}

interface Arrays {
  X: Float32Array;
  y: Float32Array;
  beta: Float32Array;
  slope: Float32Array;
  /** 2 D (step size) / samples. */
  rate: number;
  depth: number;
}

/** Takes steps of all runs; the weights are [runs, inputs], beta and slope [inputs] are room to work in. */
function descend(
  { X, y, beta, slope, rate, depth }: Arrays,
  plus: Float32Array,
  minus: Float32Array,
  steps: number,
): void {
  const inputs = beta.length;
  const samples = y.length;
  for (let step = 0; step < steps; step++)
    for (let run = 0; run < plus.length; run += inputs) {
      for (let i = 0; i < inputs; i++) {
        let above = plus[run + i];
        let below = minus[run + i];
        for (let factor = 1; factor < depth; factor++) {
          above *= plus[run + i];
          below *= minus[run + i];
        }
        beta[i] = above - below;
        slope[i] = 0;
      }
      for (let j = 0; j < samples; j++) {
        const row = j * inputs;
        let residual = -y[j];
        for (let i = 0; i < inputs; i++) residual += X[row + i] * beta[i];
        for (let i = 0; i < inputs; i++) slope[i] += X[row + i] * residual;
      }
      for (let i = 0; i < inputs; i++) {
        let above = rate * slope[i];
        let below = above;
        for (let factor = 1; factor < depth; factor++) {
          above *= plus[run + i];
          below *= minus[run + i];
        }
        plus[run + i] -= above;
        minus[run + i] += below;
      }
    }
}

/** A run's K = D^2 X diag(w+^(2D - 2) + w-^(2D - 2)) X^T; scale [inputs] is room to work in. */
function kernel(
  { X, y, depth }: Arrays,
  plus: Float32Array,
  minus: Float32Array,
  run: number,
  scale: Float32Array,
  kernels: Float32Array,
): void {
  const inputs = scale.length;
  const samples = y.length;
  const own = run * samples ** 2;
  const power = 2 * depth - 2;
  for (let i = 0; i < inputs; i++)
    scale[i] = depth ** 2 * (plus[run * inputs + i] ** power + minus[run * inputs + i] ** power);
  for (let j = 0; j < samples; j++)
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += X[j * inputs + i] * scale[i] * X[k * inputs + i];
      kernels[own + j * samples + k] = kernels[own + k * samples + j] = sum;
    }
}

import type { ConvKernels, ConvSeeds } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";
import { javascriptTrainer } from "./javascript-trainer.ts";
import { ConvPass } from "./javascript-conv-pass.ts";
import { products } from "./javascript-products.ts";

/** Networks of two convolutions in plain JavaScript, as one would write it for speed. */
export function trainConv(problem: ConvSeeds): Trainer {
  const { samples, runs, length, y, starts, stepSize } = problem;
  const pass = new ConvPass(problem);
  const weights = new Float32Array(starts.length);
  const gradient = new Float64Array(length);
  const step = (own: number) => {
    gradient.fill(0);
    for (let j = 0; j < samples; j++) {
      const slope = (2 * (pass.forwards(weights, own, j) - y[j])) / samples;
      pass.backwards(weights, own, j, slope, gradient, 0);
    }
    for (let p = 0; p < length; p++) weights[own + p] -= stepSize * gradient[p];
  };
  return javascriptTrainer(
    runs,
    (run) => step(run * length),
    weights,
    () => weights.set(starts),
  );
}

/** Their tangent kernels: gradients of single samples, and one triangle of their inner products. */
export function makeConvKernels(problem: ConvKernels): Trainer {
  const { samples, runs, parameters, starts } = problem;
  const pass = new ConvPass(problem);
  const weights = Float32Array.from(starts);
  const jacobian = new Float32Array(samples * parameters);
  const results = new Float32Array(runs * samples ** 2);
  const kernelOf = (run: number) => {
    jacobian.fill(0);
    for (let j = 0; j < samples; j++) {
      pass.forwards(weights, run * parameters, j);
      pass.backwards(weights, run * parameters, j, 1, jacobian, j * parameters);
    }
    const K = results.subarray(run * samples ** 2, (run + 1) * samples ** 2);
    products(jacobian, jacobian, K, {
      rows: samples,
      columns: samples,
      length: parameters,
      isTriangle: true,
    });
    for (let i = 0; i < samples; i++) for (let j = 0; j < i; j++) K[j * samples + i] = K[i * samples + j];
  };
  return javascriptTrainer(runs, kernelOf, results);
}

import * as tf from "@tensorflow/tfjs-core";
import type { MatrixSweep } from "../workloads/problem.ts";
import { factorsOfRuns } from "./matrix-starts.ts";
import type { TensorProgram } from "./tfjs.ts";

/** Matrix factorization: products of all runs' matrices at once, the gradient by hand. */
export function matrixProgram(problem: MatrixSweep): TensorProgram {
  const { size: n, runs, observed, stepSize, length } = problem;
  const mask = tf.tensor2d(
    Float32Array.from(problem.mask, (seen) => (seen * 2 * stepSize) / observed),
    [n, n],
  );
  const targets = tf.tensor2d(Float32Array.from(problem.targets), [n, n]);
  const starts = factorsOfRuns(problem);
  const products = (factors: tf.Tensor[]): tf.Tensor[] => {
    const all = [factors[0]];
    for (const factor of factors.slice(1)) all.push(tf.matMul(factor, all.at(-1)!));
    return all;
  };
  return {
    start: () => starts.map((factor) => tf.tensor3d(factor.slice(), [runs, n, n])),
    step(factors) {
      const below = products(factors);
      let signal: tf.Tensor = tf.mul(tf.sub(below.at(-1)!, targets), mask);
      const next: tf.Tensor[] = [];
      for (let l = factors.length - 1; l > 0; l--) {
        next[l] = tf.sub(factors[l], tf.matMul(signal, below[l - 1], false, true));
        signal = tf.matMul(factors[l], signal, true);
      }
      next[0] = tf.sub(factors[0], signal);
      return next;
    },
    result: (factors) => tf.reshape(products(factors).at(-1)!, [runs, length]),
    constants: [mask, targets],
  };
}

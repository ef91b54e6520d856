import * as tf from "@tensorflow/tfjs-core";
import type { ReluKernels } from "../workloads/problem.ts";
import { startsOf } from "./layer-starts.ts";
import type { TensorProgram } from "./tfjs.ts";

/**
 * Tangent kernels of ReLU networks in products of all runs' matrices: activations [runs, samples, units] forwards, signals
 * back, and Gram matrices of both. Runs share their inputs: the first layer is one product for all of them, and its Gram
 * matrix one for all.
 */
export function reluKernelsProgram(problem: ReluKernels): TensorProgram {
  const { samples, inputs, runs, layers } = problem;
  const X = tf.tensor2d(Float32Array.from(problem.X), [samples, inputs]);
  const zero = tf.scalar(0);
  const weights = startsOf(problem).map((layer, l) =>
    tf.tensor3d(layer, [runs, layers[l].fan_out, layers[l].fan_in]),
  );
  const gram = (tensor: tf.Tensor) => tf.matMul(tensor, tensor, false, true);
  const last = layers.length - 1;

  function kernels(): tf.Tensor[] {
    const rows = tf.reshape<tf.Rank.R2>(weights[0], [runs * layers[0].fan_out, inputs]);
    const first = tf.reshape(tf.matMul(rows, X, false, true), [runs, layers[0].fan_out, samples]);
    const below: tf.Tensor[] = [tf.relu(tf.transpose(first, [0, 2, 1]))];
    for (const layer of weights.slice(1, -1))
      below.push(tf.relu(tf.matMul(below.at(-1)!, layer, false, true)));
    let K = gram(below[last - 1]);
    let back: tf.Tensor = weights[last];
    for (let l = last; l > 0; l--) {
      const open = tf.cast(tf.greater(below[l - 1], zero), "float32");
      back = tf.mul(l === last ? back : tf.matMul(back, weights[l]), open);
      K = tf.add(K, tf.mul(l > 1 ? gram(below[l - 2]) : gram(X), gram(back)));
    }
    return [K];
  }

  return { start: kernels, step: kernels, result: ([K]) => tf.clone(K), constants: [X, zero, ...weights] };
}

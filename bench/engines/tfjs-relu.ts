import * as tf from "@tensorflow/tfjs-core";
import type { ReluSeeds } from "../workloads/problem.ts";
import { startsOf } from "./layer-starts.ts";
import type { TensorProgram } from "./tfjs.ts";

/**
 * ReLU networks: forwards and back by hand, in products of all runs' matrices. Runs share their inputs: the first
 * layer is one product for all of them.
 */
export function reluProgram(problem: ReluSeeds): TensorProgram {
  const { samples, inputs, runs, layers, stepSize } = problem;
  const X = tf.tensor2d(Float32Array.from(problem.X), [samples, inputs]);
  const y = tf.tensor1d(Float32Array.from(problem.y));
  const slope = tf.scalar(2 / samples);
  const rate = tf.scalar(stepSize);
  const zero = tf.scalar(0);
  const starts = startsOf(problem);
  const [{ fan_out: first }] = layers;

  function step(weights: tf.Tensor[]): tf.Tensor[] {
    const outputs: tf.Tensor[] = [];
    const below: tf.Tensor[] = [];
    const rows = tf.reshape<tf.Rank.R2>(weights[0], [runs * first, inputs]);
    let output = tf.reshape(tf.matMul(rows, X, false, true), [runs, first, samples]);
    for (const layer of weights.slice(1)) {
      outputs.push(output);
      below.push(tf.relu(output));
      output = tf.matMul(layer, below.at(-1)!);
    }
    let back = tf.mul(tf.sub(output, y), slope);
    const changed: tf.Tensor[] = [];
    const descend = (layer: tf.Tensor, gradient: tf.Tensor) => tf.sub(layer, tf.mul(gradient, rate));
    for (let l = layers.length - 1; l > 0; l--) {
      changed.unshift(descend(weights[l], tf.matMul(back, below[l - 1], false, true)));
      back = tf.mul(tf.matMul(weights[l], back, true), tf.cast(tf.greater(outputs[l - 1], zero), "float32"));
    }
    const gradient = tf.matMul(tf.reshape<tf.Rank.R2>(back, [runs * first, samples]), X);
    return [descend(weights[0], tf.reshape(gradient, [runs, first, inputs])), ...changed];
  }

  return {
    start: () => starts.map((layer, l) => tf.tensor3d(layer, [runs, layers[l].fan_out, layers[l].fan_in])),
    step,
    result: (weights) =>
      tf.concat(
        weights.map((layer, l) => tf.reshape(layer, [runs, layers[l].fan_in * layers[l].fan_out])),
        1,
      ),
    constants: [X, y, slope, rate, zero],
  };
}

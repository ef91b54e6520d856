import * as tf from "@tensorflow/tfjs-core";
import type { DiagonalSweep } from "../workloads/problem.ts";
import type { TensorProgram } from "./tfjs.ts";

/** Diagonal networks: two matrix products of all runs, and what is between them entry by entry. */
export function diagonalProgram(problem: DiagonalSweep): TensorProgram {
  const { samples, inputs, alphas, runs, depth, stepSize, result } = problem;
  const X = tf.tensor2d(Float32Array.from(problem.X), [samples, inputs]);
  const y = tf.tensor1d(Float32Array.from(problem.y));
  const rate = tf.scalar((2 * depth * stepSize) / samples);
  const square = tf.scalar(depth ** 2);
  const start = () => tf.tile(tf.tensor2d(Float32Array.from(alphas), [runs, 1]), [1, inputs]);
  const power = (tensor: tf.Tensor, exponent: number): tf.Tensor =>
    exponent === 1
      ? tensor
      : exponent === 2
        ? tf.square(tensor)
        : tf.mul(tensor, power(tensor, exponent - 1));
  const predictor = ([plus, minus]: tf.Tensor[]) =>
    tf.sub<tf.Tensor2D>(power(plus, depth), power(minus, depth));
  const kernel = ([plus, minus]: tf.Tensor[]) => {
    const scale = tf.mul(tf.add(power(plus, 2 * depth - 2), power(minus, 2 * depth - 2)), square);
    const scaled = tf.mul<tf.Tensor3D>(tf.reshape(scale, [runs, 1, inputs]), X);
    return tf.matMul(tf.reshape(scaled, [runs * samples, inputs]), X, false, true);
  };
  return {
    start: () => [start(), start()],
    step([plus, minus]) {
      const residual = tf.sub<tf.Tensor2D>(tf.matMul(predictor([plus, minus]), X, false, true), y);
      const change = tf.mul(tf.matMul(residual, X), rate);
      return [
        tf.sub(plus, tf.mul(change, power(plus, depth - 1))),
        tf.add(minus, tf.mul(change, power(minus, depth - 1))),
      ];
    },
    result: result === "ntk" ? kernel : predictor,
    constants: [X, y, rate, square],
  };
}

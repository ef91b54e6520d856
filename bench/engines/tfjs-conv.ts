import * as tf from "@tensorflow/tfjs-core";
import type { ConvKernels, ConvSeeds } from "../workloads/problem.ts";
import { startsOf } from "./layer-starts.ts";
import type { TensorProgram } from "./tfjs.ts";

/**
 * What all programs of such networks need: images [samples, height, width, channels], windows [3, 3, channels below, channels], those of the first
 * layer side by side for all runs. The second convolution is one of each run: there are none of groups.
 */
function networksOf(problem: ConvSeeds | ConvKernels) {
  const { samples, side, channels, runs } = problem;
  const half = side / 2;
  const X = tf.tensor4d(Float32Array.from(problem.X), [samples, side, side, 1]);
  const zero = tf.scalar(0);
  const starts = startsOf(problem);

  /** Rows into columns, of every matrix. */
  const turned = (tensor: tf.Tensor, matrices: number, rows: number) =>
    tf.transpose(tf.reshape<tf.Rank.R3>(tensor, [matrices, rows, tensor.size / matrices / rows]), [0, 2, 1]);

  const start = () =>
    tf.tidy(() => [
      tf.reshape(turned(tf.tensor1d(starts[0]), 1, runs * channels), [3, 3, 1, runs * channels]),
      tf.reshape(turned(turned(tf.tensor1d(starts[1]), runs * channels, channels), runs, channels), [
        runs,
        3,
        3,
        channels,
        channels,
      ]),
      tf.reshape(turned(tf.tensor1d(starts[2]), runs, channels), [runs, half * half * channels, 1]),
    ]);

  function forwards([first, second, last]: tf.Tensor[]) {
    const active = tf.relu(tf.conv2d(X, first as tf.Tensor4D, 1, "same"));
    const means = tf.split<tf.Tensor4D>(tf.avgPool<tf.Tensor4D>(active, 2, 2, "valid"), runs, 3);
    const windows = tf.unstack(second) as tf.Tensor4D[];
    const tops = means.map((images, run) => tf.conv2d(images, windows[run], 1, "same"));
    const top = tf.relu(tf.reshape<tf.Rank.R3>(tf.stack(tops), [runs, samples, half * half * channels]));
    return { active, means, windows, top, output: tf.matMul(top, last) };
  }

  const open = (tensor: tf.Tensor) => tf.cast(tf.greater(tensor, zero), "float32");

  /** Signals of both convolutions, from those of the output: a run's each, and side by side. */
  function backwards(
    slope: tf.Tensor | undefined,
    { active, top, windows }: Pick<ReturnType<typeof forwards>, "active" | "top" | "windows">,
    last: tf.Tensor,
  ) {
    const arriving = slope ? tf.matMul(slope, last, false, true) : tf.transpose(last, [0, 2, 1]);
    const all = tf.reshape(tf.mul(arriving, open(top)), [runs, samples, half, half, channels]);
    const signals = tf.unstack(all) as tf.Tensor4D[];
    const below = signals.map((signal, run) =>
      tf.conv2dTranspose(signal, windows[run], [samples, half, half, channels], 1, "same"),
    );
    const spread = tf
      .engine()
      .runKernel<tf.Tensor4D>(
        tf.AvgPoolGrad,
        { dy: tf.concat(below, 3), input: active },
        { filterSize: 2, strides: 2, pad: "valid" },
      );
    return { signals, first: tf.mul(spread, open(active)) };
  }
  return { X, half, constants: [X, zero], start, turned, forwards, backwards };
}

/** A convolution's gradient by its windows, [3, 3, channels below, channels]. */
function gradientOf(images: tf.Tensor4D, signals: tf.Tensor4D): tf.Tensor4D {
  // WebAssembly lacks it: there it is a convolution of channels as images by signals as windows of the images' size.
  if (tf.getBackend() === "wasm") {
    const channels = tf.transpose(images, [3, 1, 2, 0]);
    return tf.transpose(tf.conv2d(channels, tf.transpose(signals, [1, 2, 0, 3]), 1, 1), [1, 2, 0, 3]);
  }
  const filterShape = [3, 3, images.shape[3], signals.shape[3]];
  return tf
    .engine()
    .runKernel<tf.Tensor4D>(
      tf.Conv2DBackpropFilter,
      { x: images, dy: signals },
      { strides: 1, pad: "same", dataFormat: "NHWC", filterShape },
    );
}

/** Networks of two convolutions: forwards and back by hand. */
export function convProgram(problem: ConvSeeds): TensorProgram {
  const { samples, channels, runs, stepSize } = problem;
  const { X, half, constants, start, turned, forwards, backwards } = networksOf(problem);
  const y = tf.tensor3d(Float32Array.from(problem.y), [1, samples, 1]);
  const scale = tf.scalar(2 / samples);
  const rate = tf.scalar(stepSize);
  const descend = (layer: tf.Tensor, gradient: tf.Tensor) => tf.sub(layer, tf.mul(gradient, rate));
  return {
    start,
    step(weights) {
      const pass = forwards(weights);
      const slope = tf.mul(tf.sub(pass.output, y), scale);
      const { signals, first } = backwards(slope, pass, weights[2]);
      return [
        descend(weights[0], gradientOf(X, first as tf.Tensor4D)),
        descend(weights[1], tf.stack(pass.means.map((images, run) => gradientOf(images, signals[run])))),
        descend(weights[2], tf.matMul(pass.top, slope, true)),
      ];
    },
    result([first, second, last]) {
      const parts = [
        turned(first, 1, 9),
        turned(turned(second, runs, 9 * channels), runs * channels, 9),
        turned(last, runs, half * half),
      ];
      return tf.concat(
        parts.map((layer) => tf.reshape(layer, [runs, layer.size / runs])),
        1,
      );
    },
    constants: [...constants, y, scale, rate],
  };
}

/** Their tangent kernels: gradients of single samples from what every window sees, and their inner products. */
export function convKernelsProgram(problem: ConvKernels): TensorProgram {
  const { samples, side, channels, runs } = problem;
  const { X, half, constants, start, forwards, backwards } = networksOf(problem);
  const weights = start();
  const gram = (tensor: tf.Tensor) => tf.matMul(tensor, tensor, false, true);

  /** What windows see, [leading, pixels, 9 * channels]: nine images, each moved by a place of the window. */
  function patches(images: tf.Tensor4D, size: number): tf.Tensor3D {
    const around = tf.pad(images, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const [leading, , , deep] = images.shape;
    const moved = Array.from({ length: 9 }, (_, place) =>
      tf.slice(around, [0, Math.floor(place / 3), place % 3, 0], [leading, size, size, deep]),
    );
    return tf.reshape(tf.concat(moved, 3), [leading, size * size, 9 * deep]);
  }

  function kernels(): tf.Tensor[] {
    const pass = forwards(weights);
    const { signals, first } = backwards(undefined, pass, weights[2]);
    // One product for each sample of each run.
    const seen = patches(tf.reshape(tf.stack(pass.means), [runs * samples, half, half, channels]), half);
    const above = tf.reshape(tf.stack(signals), [runs * samples, half * half, channels]);
    const upper = tf.reshape(tf.matMul(seen, above, true), [runs, samples, 9 * channels ** 2]);
    const pixels = tf.reshape(first, [samples, side * side, runs * channels]);
    const lower = tf.split(tf.matMul(patches(X, side), pixels, true), runs, 2);
    const rows = tf.reshape<tf.Rank.R3>(tf.stack(lower), [runs, samples, 9 * channels]);
    return [tf.add(tf.add(gram(pass.top), gram(upper)), gram(rows))];
  }
  return {
    start: kernels,
    step: kernels,
    result: ([K]) => tf.clone(K),
    constants: [...constants, ...weights],
  };
}

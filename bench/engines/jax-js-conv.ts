import { type Array as JaxArray, jit, lax, nn, numpy as np, vmap } from "@jax-js/jax";
import type { ConvKernels, ConvSeeds } from "../workloads/problem.ts";
import { type JaxProgram, descentProgram, kernelsProgram } from "./jax-js-program.ts";
import { startsOf } from "./layer-starts.ts";

/** A convolution by 3 x 3 with zeros around. */
const conv = (images: JaxArray, windows: JaxArray): JaxArray =>
  lax.convGeneralDilated(
    images,
    windows,
    [1, 1],
    [
      [1, 1],
      [1, 1],
    ],
  );

/** The same of every run. */
const convOfRuns = vmap(conv);

/** What all programs of such networks need. */
function networksOf(problem: ConvSeeds | ConvKernels) {
  const { samples, side, channels, runs } = problem;
  const half = side / 2;
  const X = np.array(Float32Array.from(problem.X)).reshape([samples, 1, side, side]);
  const starts = startsOf(problem);
  const shapes = [
    [runs, channels, 1, 3, 3],
    [runs, channels, channels, 3, 3],
    [runs, channels * half * half, 1],
  ];
  /** Weights of the first layer, of all runs together. */
  const windows = (first: JaxArray) => first.reshape([runs * channels, 1, 3, 3]);

  /** Activations above both convolutions, the means between them, and the output, runs first: the first layer is one product. */
  function forwards(first: JaxArray, second: JaxArray, last: JaxArray) {
    const z = conv(X.ref, windows(first)).reshape([samples, runs, channels, side, side]);
    const active = nn.relu(np.swapaxes(z, 0, 1));
    const means = active.ref
      .reshape([runs, samples, channels, half, 2, half, 2])
      .sum([4, 6])
      .mul(1 / 4);
    const top = nn.relu(convOfRuns(means.ref, second)).reshape([runs, samples, channels * half * half]);
    return { active, means, output: np.matmul(top.ref, last), top };
  }

  const open = (active: JaxArray) => active.greater(0).astype(np.float32);

  /** Signals of both convolutions, from those of the output; consumes what is active. */
  function backwards(slope: JaxArray, active: JaxArray, top: JaxArray, second: JaxArray, last: JaxArray) {
    const signals = np
      .matmul(slope, np.swapaxes(last, 1, 2))
      .mul(open(top))
      .reshape([runs, samples, channels, half, half]);
    const turned = np.flip(np.swapaxes(second, 1, 2), [3, 4]);
    const each = convOfRuns(signals.ref, turned).mul(1 / 4);
    const spread = np
      .broadcastTo(each.reshape([runs, samples, channels, half, 1, half, 1]), [
        runs,
        samples,
        channels,
        half,
        2,
        half,
        2,
      ])
      .reshape([runs, samples, channels, side, side]);
    return { signals, first: spread.mul(open(active)) };
  }
  const start = () => starts.map((layer, l) => np.array(layer.slice()).reshape(shapes[l]));
  return { X, half, forwards, backwards, start };
}

/** Networks of two convolutions: forwards and back by hand, convolutions of all runs at once. */
export function convProgram(problem: ConvSeeds): JaxProgram {
  const { samples, side, channels, runs, stepSize } = problem;
  const y = np.array(Float32Array.from(problem.y)).reshape([1, samples, 1]);
  const { X, forwards, backwards, start } = networksOf(problem);

  const step = jit((first: JaxArray, second: JaxArray, last: JaxArray): JaxArray[] => {
    const { active, means, top, output } = forwards(first.ref, second.ref, last.ref);
    const slope = output.sub(y.ref).mul(2 / samples);
    const gradient = np.matmul(np.swapaxes(top.ref, 1, 2), slope.ref);
    const { signals, first: own } = backwards(slope, active, top, second.ref, last.ref);
    // Gradients are convolutions too: of channels as images, by signals as windows of the images' size.
    const seen = convOfRuns(np.swapaxes(means, 1, 2), np.swapaxes(signals, 1, 2));
    const rows = np.swapaxes(own, 1, 2).reshape([runs * channels, samples, side, side]);
    const below = conv(np.swapaxes(X.ref, 0, 1), rows).reshape([runs, channels, 1, 3, 3]);
    return [
      first.sub(below.mul(stepSize)),
      second.sub(np.swapaxes(seen, 1, 2).mul(stepSize)),
      last.sub(gradient.mul(stepSize)),
    ];
  });

  return descentProgram(runs, start, step, [X, y]);
}

/** Their tangent kernels: gradients of single samples from what every window sees, and their inner products. */
export function convKernelsProgram(problem: ConvKernels): JaxProgram {
  const { samples, side, channels, runs } = problem;
  const { X, half, forwards, backwards, start } = networksOf(problem);

  /** What windows see, [..., channels * 9, pixels]: nine images, each moved by a place of the window. */
  function patches(images: JaxArray, leading: number[], deep: number, size: number): JaxArray {
    const around = np.pad(images, [...leading.map((): [number, number] => [0, 0]), [0, 0], [1, 1], [1, 1]]);
    const moved: JaxArray[] = [];
    for (let dy = 0; dy < 3; dy++)
      for (let dx = 0; dx < 3; dx++)
        moved.push(
          around.ref
            .slice(...leading.map((): [] => []), [], [dy, dy + size], [dx, dx + size])
            .reshape([...leading, deep, 1, size * size]),
        );
    around.dispose();
    return np.concatenate(moved, leading.length + 1).reshape([...leading, deep * 9, size * size]);
  }

  const gram = (rows: JaxArray) => np.matmul(rows.ref, np.swapaxes(rows, 1, 2));
  const kernels = jit((first: JaxArray, second: JaxArray, last: JaxArray): JaxArray => {
    const { active, means, top, output } = forwards(first, second.ref, last.ref);
    output.dispose();
    const { signals, first: own } = backwards(np.ones([runs, samples, 1]), active, top.ref, second, last);
    const seen = patches(means, [runs, samples], channels, half);
    const upper = np.matmul(signals.reshape([runs, samples, channels, half * half]), np.swapaxes(seen, 2, 3));
    const below = np.swapaxes(patches(X.ref, [samples], 1, side), 1, 2).reshape([1, samples, side * side, 9]);
    const lower = np.matmul(own.reshape([runs, samples, channels, side * side]), below);
    return gram(top)
      .add(gram(upper.reshape([runs, samples, 9 * channels * channels])))
      .add(gram(lower.reshape([runs, samples, 9 * channels])));
  });

  return kernelsProgram(start(), kernels, X);
}

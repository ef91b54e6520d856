import { type Array as JaxArray, jit, numpy as np } from "@jax-js/jax";
import type { DiagonalSweep } from "../workloads/problem.ts";
import type { JaxProgram } from "./jax-js-program.ts";

/**
 * Diagonal networks: the gradient by hand, which spares the transforms their second pass over the data; two matrix
 * products, and the rest fused around them. Inputs are padded with zeros, which change nothing: in WebAssembly a
 * product whose sizes are multiples of four is up to 14 times as fast.
 */
export function diagonalProgram(problem: DiagonalSweep): JaxProgram {
  const { samples, inputs, alphas, runs, depth, stepSize, result: wanted } = problem;
  const padded = 4 * Math.ceil(inputs / 4);
  const rows = new Float32Array(samples * padded);
  for (let j = 0; j < samples; j++) rows.set(problem.X.subarray(j * inputs, (j + 1) * inputs), j * padded);
  const X = np.array(rows).reshape([samples, padded]);
  const y = np.array(Float32Array.from(problem.y));
  const first = Float32Array.from({ length: runs * padded }, (_, k) => alphas[Math.floor(k / padded)]);
  const start = () => np.array(first.slice()).reshape([runs, padded]);
  const rate = (2 * depth * stepSize) / samples;
  const power = (array: JaxArray, exponent: number): JaxArray =>
    exponent === 1 ? array : array.ref.mul(power(array, exponent - 1));
  const predictor = (plus: JaxArray, minus: JaxArray) => power(plus, depth).sub(power(minus, depth));

  const step = jit((plus: JaxArray, minus: JaxArray): [JaxArray, JaxArray] => {
    const beta = predictor(plus.ref, minus.ref);
    const residual = np.matmul(beta, X.ref.transpose()).sub(y.ref);
    const change = np.matmul(residual, X.ref).mul(rate);
    return [
      plus.ref.sub(change.ref.mul(power(plus, depth - 1))),
      minus.ref.add(change.mul(power(minus, depth - 1))),
    ];
  });
  // K = D^2 X diag(w+^(2D - 2) + w-^(2D - 2)) X^T
  const kernel = (plus: JaxArray, minus: JaxArray) => {
    const scale = power(plus, 2 * depth - 2)
      .add(power(minus, 2 * depth - 2))
      .mul(depth ** 2);
    return np.matmul(scale.reshape([runs, 1, padded]).mul(X.ref), X.ref.transpose());
  };
  const result = jit(
    wanted === "ntk"
      ? kernel
      : (plus: JaxArray, minus: JaxArray) => predictor(plus, minus).slice([], [0, inputs]),
  );
  return {
    start: () => [start(), start()],
    step,
    result,
    held: [step, result, X, y],
  };
}

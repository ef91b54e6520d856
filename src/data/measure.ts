import type { Dataset } from "./dataset.ts";

/** X predictor of a set, [samples], with data of matrices <A_i, W>. */
export function outputsOf(
  { X, testX, samples, testSamples, inputs, matrix }: Dataset,
  predictor: ArrayLike<number>,
  set: "training" | "test",
): Float64Array {
  const cells = set === "test" ? matrix?.testCells : matrix?.cells;
  if (cells) return Float64Array.from(cells, (cell) => predictor[cell]);
  const [rows, count] = set === "test" ? [testX, testSamples] : [X, samples];
  const outputs = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let output = 0;
    for (let k = 0; k < inputs; k++) output += predictor[k] * rows[i * inputs + k];
    outputs[i] = output;
  }
  return outputs;
}

/** X^T weights of the training set, [inputs], with data of matrices the sum of weights_i A_i. */
export function backOf({ X, samples, inputs, matrix }: Dataset, weights: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(inputs);
  if (matrix?.cells) matrix.cells.forEach((cell, i) => (sum[cell] += weights[i]));
  else
    for (let i = 0; i < samples; i++)
      for (let k = 0; k < inputs; k++) sum[k] += weights[i] * X[i * inputs + k];
  return sum;
}

import { type Array as JaxArray, jit, nn, numpy as np } from "@jax-js/jax";
import type { ReluKernels } from "../workloads/problem.ts";
import { type JaxProgram, kernelsProgram } from "./jax-js-program.ts";
import { startsOf } from "./layer-starts.ts";

/**
 * Tangent kernels of ReLU networks in products of all runs' matrices: activations [runs, samples, units] forwards, signals
 * back, and Gram matrices of both. Runs share their inputs: the first layer is one product for all of them, and its Gram
 * matrix one for all.
 */
export function reluKernelsProgram(problem: ReluKernels): JaxProgram {
  const { samples, inputs, runs, layers } = problem;
  const X = np.array(Float32Array.from(problem.X)).reshape([samples, inputs]);
  const weights = startsOf(problem).map((layer, l) =>
    np.array(layer).reshape([runs, layers[l].fan_out, layers[l].fan_in]),
  );
  const transposed = (array: JaxArray) => np.swapaxes(array, 1, 2);
  const gram = (array: JaxArray) => np.matmul(array.ref, transposed(array));
  const last = layers.length - 1;

  const kernels = jit((...weights: JaxArray[]): JaxArray => {
    const inputGram = np.matmul(X.ref, X.ref.transpose()).reshape([1, samples, samples]);
    const rows = weights[0].reshape([runs * layers[0].fan_out, inputs]);
    const first = np.matmul(rows, X.ref.transpose()).reshape([runs, layers[0].fan_out, samples]);
    // Below each layer but the first, [runs, samples, units].
    const below = [nn.relu(transposed(first))];
    for (const layer of weights.slice(1, -1))
      below.push(nn.relu(np.matmul(below.at(-1)!.ref, transposed(layer.ref))));
    let K = gram(below[last - 1].ref);
    let back: JaxArray = weights[last].reshape([runs, 1, layers[last].fan_in]);
    for (let l = last; l > 0; l--) {
      const open = below[l - 1].ref.greater(0).astype(np.float32);
      const signals = (l === last ? back : np.matmul(back, weights[l])).mul(open);
      const G = l > 1 ? gram(below[l - 2].ref) : inputGram.ref;
      K = K.add(G.mul(gram(signals.ref)));
      back = signals;
    }
    back.dispose();
    inputGram.dispose();
    below.forEach((array) => array.dispose());
    return K;
  });

  return kernelsProgram(weights, kernels, X);
}

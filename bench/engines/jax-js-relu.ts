import { type Array as JaxArray, jit, nn, numpy as np } from "@jax-js/jax";
import type { ReluSeeds } from "../workloads/problem.ts";
import { type JaxProgram, descentProgram } from "./jax-js-program.ts";
import { startsOf } from "./layer-starts.ts";

/**
 * ReLU networks: forwards and back by hand, in products of all runs' matrices. Runs share their inputs: the first
 * layer is one product for all of them.
 */
export function reluProgram(problem: ReluSeeds): JaxProgram {
  const { samples, inputs, runs, layers, stepSize } = problem;
  const X = np.array(Float32Array.from(problem.X)).reshape([samples, inputs]);
  const y = np.array(Float32Array.from(problem.y)).reshape([1, 1, samples]);
  const starts = startsOf(problem);
  const transposed = (array: JaxArray) => np.swapaxes(array, 1, 2);

  const step = jit((...weights: JaxArray[]): JaxArray[] => {
    // Of every layer, [runs, units, samples]; the inputs below the first are shared.
    const active: JaxArray[] = [];
    const below: JaxArray[] = [];
    let output = np
      .matmul(weights[0].ref.reshape([runs * layers[0].fan_out, inputs]), X.ref.transpose())
      .reshape([runs, layers[0].fan_out, samples]);
    for (const layer of weights.slice(1)) {
      active.push(output.ref.greater(0).astype(np.float32));
      const H = nn.relu(output);
      below.push(H.ref);
      output = np.matmul(layer.ref, H);
    }
    let back = output.sub(y.ref).mul(2 / samples);
    const changed: JaxArray[] = [];
    for (let l = layers.length - 1; l > 0; l--) {
      const gradient = np.matmul(back.ref, transposed(below[l - 1]));
      const signal = np.matmul(transposed(weights[l].ref), back);
      changed.unshift(weights[l].sub(gradient.mul(stepSize)));
      back = signal.mul(active[l - 1]);
    }
    const gradient = np
      .matmul(back.reshape([runs * layers[0].fan_out, samples]), X.ref)
      .reshape([runs, layers[0].fan_out, inputs]);
    return [weights[0].sub(gradient.mul(stepSize)), ...changed];
  });

  const start = () =>
    starts.map((layer, l) => np.array(layer.slice()).reshape([runs, layers[l].fan_out, layers[l].fan_in]));
  return descentProgram(runs, start, step, [X, y]);
}

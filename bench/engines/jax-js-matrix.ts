import { type Array as JaxArray, jit, numpy as np } from "@jax-js/jax";
import type { MatrixSweep } from "../workloads/problem.ts";
import type { JaxProgram } from "./jax-js-program.ts";
import { factorsOfRuns } from "./matrix-starts.ts";

/** Matrix factorization: products of all runs' matrices at once, the gradient by hand. */
export function matrixProgram(problem: MatrixSweep): JaxProgram {
  const { size: n, runs, observed, stepSize, length } = problem;
  const mask = np.array(Float32Array.from(problem.mask)).reshape([n, n]);
  const targets = np.array(Float32Array.from(problem.targets)).reshape([n, n]);
  const rate = (2 * stepSize) / observed;
  const starts = factorsOfRuns(problem);
  const swapped = (array: JaxArray) => array.transpose([0, 2, 1]);

  /** W_1, W_2 W_1, ..., of factors that stay. */
  const products = (factors: JaxArray[]): JaxArray[] => {
    const all = [factors[0].ref];
    for (const factor of factors.slice(1)) all.push(np.matmul(factor.ref, all.at(-1)!.ref));
    return all;
  };
  const step = jit((...factors: JaxArray[]): JaxArray[] => {
    const below = products(factors);
    let signal = below.pop()!.sub(targets.ref).mul(mask.ref).mul(rate);
    const next: JaxArray[] = [];
    for (let l = factors.length - 1; l > 0; l--) {
      next[l] = factors[l].ref.sub(np.matmul(signal.ref, swapped(below[l - 1])));
      signal = np.matmul(swapped(factors[l]), signal);
    }
    next[0] = factors[0].sub(signal);
    return next;
  });
  const result = jit((...factors: JaxArray[]) => {
    const all = products(factors);
    const W = all.pop()!;
    for (const array of [...all, ...factors]) array.dispose();
    return W.reshape([runs, length]);
  });
  return {
    start: () => starts.map((factor) => np.array(factor.slice()).reshape([runs, n, n])),
    step,
    result,
    held: [step, result, mask, targets],
  };
}

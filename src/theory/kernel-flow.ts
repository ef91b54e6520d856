import { kernelComponents } from "./kernel-components.ts";

/** Residuals under gradient descent with a kernel that stays as it is. */
export interface KernelFlow {
  /** Of K/N, decreasing, [samples]. */
  eigenvalues: Float64Array;
  /** A residual's mean product with each eigenvector, [samples]. */
  components(residual: ArrayLike<number>): Float64Array;
  /** The residual after so many steps, [samples]. */
  residual(steps: number): Float64Array;
}

/**
 * What is left of f(0) - y after steps of descent on the mean squared loss: each component times (1 - 2 eta lambda_i)^steps, which is
 * the exponential of the flow for small steps.
 *
 * @param K [samples, samples] row-major, symmetric
 * @param start the residual before the first step, [samples]
 * @source Jacot et al. 2018, Section 5
 */
export function kernelFlow(K: Float64Array, start: ArrayLike<number>, stepSize: number): KernelFlow {
  const { eigenvalues, vectors, components } = kernelComponents(K);
  const samples = eigenvalues.length;
  const first = components(start);
  return {
    eigenvalues,
    components,
    residual(steps) {
      const left = new Float64Array(samples);
      for (let k = 0; k < samples; k++) {
        const component = first[k] * (1 - 2 * stepSize * eigenvalues[k]) ** steps;
        for (let i = 0; i < samples; i++) left[i] += component * vectors[k * samples + i];
      }
      return left;
    },
  };
}

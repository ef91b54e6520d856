/** Whether gradient descent on the linearized model is stable: it contracts while 2 η λ_max(K(0)) / N < 2. */

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { RecordedRun } from "./evidence.ts";

/** From here on the linearized model's descent on the mean squared loss diverges. */
export const stabilityLimit = 2;

/** 2 η λ_max(K(0)) / N, from the kernel that the run recorded first. */
export function stabilityNumber(run: RecordedRun, stepSize: number): number {
  const { first } = run.kernels;
  const samples = Math.sqrt(first.length);
  const kernel = Matrix.from1DArray(samples, samples, first);
  const eigenvalues = new EigenvalueDecomposition(kernel, { assumeSymmetric: true }).realEigenvalues;
  return (2 * stepSize * Math.max(...eigenvalues)) / samples;
}

/** Eigenvalues of tangent kernels while they train, and how far kernels turn from where they were. */

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { evenly } from "../../src/results/evenly.ts";
import { type KernelFrame, kernelFrames, kernelRuns, kernelSize } from "../../src/results/kernel-frames.ts";
import type { Results } from "../../src/results/types.ts";
import { numberAt } from "../figures/runs.ts";
import { comparedRuns } from "../figures/tangent-kernels.ts";

/** Eigenvalues of larger kernels take too long for a page. */
export const largestSize = 400;
/** Cubes of sizes that all of a figure's decompositions may add up to: about a second. */
const affordable = 1e8;
const fewestFrames = 2;
/** Of the largest eigenvalue, for each sample, what rounding entries to float32 may change of the others. */
const rounding = 2 ** -24;

/** The runs that are compared: a run of each value of the leading path, or the one that there is. */
export function labRuns(results: Results): number[] {
  const compared = comparedRuns(results);
  return compared.length > 0 ? compared : kernelRuns(results).slice(0, 1);
}

/** Kernels of a run whose eigenvalues are affordable beside those of the other runs. */
export function labFrames(results: Results, run: number): readonly KernelFrame[] {
  const most = affordable / kernelSize(results) ** 3 / Math.max(1, labRuns(results).length);
  return evenly(kernelFrames(results, run), Math.max(fewestFrames, Math.floor(most)));
}

/** A kernel never changes once it is there; a figure that is played asks a hundred times. */
const known = new WeakMap<ArrayBufferLike, Map<number, Float64Array>>();

/**
 * The eigenvalues of a kernel, the largest first; NaN where the kernel is not finite.
 *
 * @param kernel [size, size], symmetric, row by row
 */
export function eigenvalues(kernel: Float32Array, size: number): Float64Array {
  const { buffer, byteOffset } = kernel;
  let ofBuffer = known.get(buffer);
  if (!ofBuffer) known.set(buffer, (ofBuffer = new Map<number, Float64Array>()));
  let values = ofBuffer.get(byteOffset);
  if (!values) {
    values = kernel.every(Number.isFinite)
      ? Float64Array.from(
          new EigenvalueDecomposition(Matrix.from1DArray(size, size, kernel), { assumeSymmetric: true })
            .realEigenvalues,
        )
          .sort()
          .reverse()
      : new Float64Array(size).fill(NaN);
    ofBuffer.set(byteOffset, values);
  }
  return values;
}

/** Eigenvalues below this are those of rounded entries, by Weyl's inequality: |entries' errors| <= u |K|_F <= u sqrt(N) lambda_max. */
export const spectrumFloor = (values: Float64Array): number =>
  rounding * Math.sqrt(values.length) * (values[0] ?? 0);

/**
 * One minus the Frobenius cosine of K and K0. Built from K - K0, for the cosine itself rounds to 1: with P the part of K - K0 that
 * is orthogonal to K0, 1 - cos = |P|^2 / (|K| (|K| + <K, K0>/|K0|)).
 */
export function misalignment(now: Float32Array, first: Float32Array): number {
  let [square, product, start, along] = [0, 0, 0, 0];
  for (let k = 0; k < now.length; k++) {
    const change = now[k] - first[k];
    square += now[k] * now[k];
    product += now[k] * first[k];
    start += first[k] * first[k];
    along += change * first[k];
  }
  if (!(start > 0)) return NaN;
  let orthogonal = 0;
  for (let k = 0; k < now.length; k++) orthogonal += (now[k] - first[k] - (along / start) * first[k]) ** 2;
  const norm = Math.sqrt(square);
  return orthogonal / (norm * (norm + product / Math.sqrt(start)));
}

export const epochOf = ({ history }: Results, { row }: KernelFrame): number =>
  numberAt(history.columns.epoch, row);

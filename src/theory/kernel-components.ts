import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** A residual along the eigenvectors of K/N. */
export interface KernelComponents {
  /** Decreasing, [samples]. */
  eigenvalues: Float64Array;
  /** An eigenvector a row, each of length sqrt(N), [samples, samples]. */
  vectors: Float64Array;
  /** The residual's mean product with each, [samples]: their squares add up to its mean square. */
  components(residual: ArrayLike<number>): Float64Array;
}

/**
 * The components of a kernel on its training inputs: under the flow of the mean squared loss and a constant kernel the residual's
 * i-th is multiplied by exp(-2 lambda_i t), and by 1 - 2 eta lambda_i with each step of descent (half the mean square: without the 2).
 * @param K [samples, samples] row-major, symmetric
 * @throws RangeError for a K that is not square, or entries that are not finite
 * @source Jacot et al. 2018, Section 5
 */
export function kernelComponents(K: Float64Array): KernelComponents {
  const samples = Math.sqrt(K.length);
  if (!Number.isInteger(samples) || samples === 0)
    throw new RangeError(`K has ${K.length} entries; it must be square`);
  if (!K.every(Number.isFinite)) throw new RangeError("an entry of K is not finite");
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.from1DArray(samples, samples, K).div(samples),
    { assumeSymmetric: true },
  );
  const order = [...realEigenvalues.keys()].sort((one, two) => realEigenvalues[two] - realEigenvalues[one]);
  const vectors = Float64Array.from(
    order.flatMap((k) => eigenvectorMatrix.getColumn(k).map((value) => value * Math.sqrt(samples))),
  );
  return {
    eigenvalues: Float64Array.from(order, (k) => realEigenvalues[k]),
    vectors,
    components: (residual) =>
      Float64Array.from(order, (_, k) => {
        let sum = 0;
        for (let i = 0; i < samples; i++) sum += vectors[k * samples + i] * residual[i];
        return sum / samples;
      }),
  };
}

/** What is left of a component of `eigenvalue` after some time of the flow on the mean squared loss. */
export const componentDecay = (eigenvalue: number, time: number): number => Math.exp(-2 * eigenvalue * time);

import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** What records hold of a kernel K [N, N] alone: its largest eigenvalues, and y^T K y / (|y|^2 |K|). */
export function kernelSpectrum(K: Float64Array, y: Float64Array, outputs = 1): Record<string, number> {
  const N = y.length;
  const eigenvalues = new EigenvalueDecomposition(Matrix.from1DArray(N, N, K), {
    assumeSymmetric: true,
  }).realEigenvalues.reverse();
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  let product = 0;
  for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) product += y[i] * K[i * N + j] * y[j];
  return {
    ntk_label_alignment: product / (squares(y) * Math.sqrt(squares(K))),
    ntk_eigenvalue_1: eigenvalues[0] ?? NaN,
    ntk_eigenvalue_2: eigenvalues[1] ?? NaN,
    ntk_eigenvalue_outputs: eigenvalues[outputs - 1] ?? NaN,
    ntk_eigenvalue_beyond: eigenvalues[outputs] ?? NaN,
    ntk_spectral_gap: eigenvalues[outputs - 1] / eigenvalues[outputs],
    ntk_eigenvalue_3: eigenvalues[2] ?? NaN,
  };
}

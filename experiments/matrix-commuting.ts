import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { biasMinimizer, commutingFlow, diagonalStart, type LinearSystem } from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun, recordedRuns } from "./evidence.ts";
import { below, within } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

/** Measurements in the basis O of their eigenvectors, a column each: <A_i, O diag(b) Oᵀ> = x_i . b. */
const spectraOf = once((run): { spectra: LinearSystem; O: Matrix } => {
  const { X, y, samples, matrix } = datasetOf(run);
  const n = matrix!.rows;
  const A = Array.from({ length: samples }, (_, i) =>
    Matrix.from1DArray(n, n, X.subarray(i * n * n, (i + 1) * n * n)),
  );
  // Eigenvalues of a sum with unlike coefficients are apart.
  const sum = A.reduce((all, own, i) => all.add(Matrix.mul(own, 1 / (i + 1))), Matrix.zeros(n, n));
  const { eigenvectorMatrix: O } = new EigenvalueDecomposition(sum, { assumeSymmetric: true });
  const rows = A.flatMap((own) => O.transpose().mmul(own).mmul(O).diagonal());
  return { spectra: { samples, inputs: n, X: Float64Array.from(rows), y }, O };
});

const startAt = (alpha: number) => ({ alpha, symmetric: true, unbiased: false }) as const;

/** The trace at the end of the exact flow less that of the true matrix, the least one. */
function excessTrace(evidence: Evidence, alpha: number): number {
  const [first] = recordedRuns(evidence["matrix-commuting"]);
  const { spectra } = spectraOf(first);
  const { beta } = biasMinimizer(spectra, diagonalStart(startAt(alpha), spectra.inputs));
  const { rows, columns } = datasetOf(first).matrix!;
  const truth = Matrix.from1DArray(rows, columns, datasetOf(first).betaStar!);
  return beta.reduce((sum, value) => sum + value, -truth.trace());
}

/** |W - W_exact| / |W_exact| where training ends, W_exact the flow's at the same time. */
function flowGap(run: RecordedRun): number {
  const { spectra, O } = spectraOf(run);
  const start = startAt(run.last("init.alpha"));
  const { records } = commutingFlow(spectra, start, { times: [run.last("time")] });
  const exact = O.mmul(Matrix.diag(records[0].beta)).mmul(O.transpose());
  const W = Matrix.from1DArray(exact.rows, exact.columns, run.predictor);
  return W.sub(exact).norm() / exact.norm();
}

/** By alpha. */
const known = [
  [1, 2.014053],
  [0.1, 0.1285793],
  [0.01, 0.0225565],
  [1e-3, 0.0034853],
] as const;

export const matrixCommuting: Reproduction = {
  id: "matrix-commuting",
  title: "Measurements that commute: the least trace, as α → 0",
  source: "Gunasekar et al. 2017, Theorem 1",
  documents: ["matrix-commuting"],
  figures: ["loss"],
  claims: [
    ...holding("Gunasekar et al. 2017, Theorem 1: the exact flow's end, α² exp of a combination of the Aᵢ", [
      ...known.map(([alpha, excess]) => ({
        says: `α = ${alpha}: trace at the end of the flow, less the least one`,
        expected: within(excess, 1e-3),
        measure: (evidence: Evidence) => excessTrace(evidence, alpha),
      })),
      {
        says: "Training in float32 is on the exact flow: largest distance at its end, relative",
        expected: below(1e-3),
        measure: (evidence) => Math.max(...recordedRuns(evidence["matrix-commuting"]).map(flowGap)),
      },
      {
        says: "α = 1: the trained trace over the least one, with what is left to train",
        expected: within(2.014, 0.03),
        measure: (evidence) =>
          recordedRun(evidence["matrix-commuting"], { "init.alpha": 1 }).last("truth_excess_nuclear"),
      },
    ]),
  ],
  shortened: { "matrix-commuting": { "train.time": 4 } },
  shortClaims: holding("Gunasekar et al. 2017, Theorem 1: the exact flow", [
    {
      says: "Training in float32 is on the exact flow: largest distance at its end, relative",
      expected: below(1e-3),
      measure: (evidence) => Math.max(...recordedRuns(evidence["matrix-commuting"]).map(flowGap)),
    },
  ]),
};

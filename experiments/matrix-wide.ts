import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { matrixFlow, type MatrixProblem, singularBiasMinimizer } from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { within } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

/** mu^2 = alpha^2 k / 2. */
const scale = Math.SQRT1_2;

const problemOf = (run: RecordedRun): MatrixProblem => {
  const { X, y, matrix } = datasetOf(run);
  return { rows: matrix!.rows, columns: matrix!.columns, measurements: X, targets: y };
};

const limitOf = once((run): Float64Array => singularBiasMinimizer(problemOf(run), scale).W);

const l2 = (values: Iterable<number>): number => Math.hypot(...values);

const errorOf = (run: RecordedRun): number => {
  const limit = limitOf(run);
  return l2(limit.map((entry, cell) => run.predictor[cell] - entry)) / l2(limit);
};

/** Root mean square over draws, by width. */
function errors({ "matrix-wide": results }: Evidence): { x: number; y: number }[] {
  const byWidth = new Map<number, number[]>();
  for (const run of recordedRuns(results)) {
    const width = run.last("model.width");
    byWidth.set(width, [...(byWidth.get(width) ?? []), errorOf(run)]);
  }
  return [...byWidth].map(([x, own]) => ({ x, y: l2(own) / Math.sqrt(own.length) }));
}

/**
 * What k^(-1/2) is multiplied with, to first order: Z Zᵀ of the factors' Z = [U; V] is I + S k^(-1/2), the entries of the
 * symmetric S standard normal, those of its diagonal of variance 2; each moves the end by its derivative.
 */
const coefficient = once((run): number => {
  const problem = problemOf(run);
  const { rows, columns } = problem;
  const size = rows + columns;
  const limit = limitOf(run);
  const end = (i: number, j: number, change: number) => {
    const gram = Matrix.eye(size, size);
    gram.set(i, j, gram.get(i, j) + change);
    if (i !== j) gram.set(j, i, change);
    const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(gram, {
      assumeSymmetric: true,
    });
    const B = eigenvectorMatrix.mulRowVector(realEigenvalues.map(Math.sqrt));
    const U = B.subMatrix(0, rows - 1, 0, size - 1);
    const V = B.subMatrix(rows, size - 1, 0, size - 1);
    const factors = [V.transpose(), U].map((factor) => Float64Array.from(factor.to1DArray()));
    return matrixFlow(problem, { factors }, { stopLoss: 1e-16, tolerance: 1e-9 }).final.W;
  };
  const step = 1e-3;
  let squares = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const [above, below] = [end(i, j, step), end(i, j, -step)];
      const slope = above.map((entry, cell) => (entry - below[cell]) / (2 * step));
      squares += (i === j ? 2 : 1) * l2(slope) ** 2;
    }
  return Math.sqrt(squares) / l2(limit);
});

const overLaw = (evidence: Evidence, k: number): number => {
  const { x, y } = errors(evidence)[k];
  return (y * Math.sqrt(x)) / coefficient(recordedRuns(evidence["matrix-wide"])[0]);
};

export const matrixWide: Reproduction = {
  id: "matrix-wide",
  title: "Infinite width: the minimizer of Q over singular values",
  source: "Woodworth et al. 2020, Theorem 4",
  documents: ["matrix-wide"],
  figures: ["loss"],
  claims: holding("Woodworth et al. 2020, Theorem 4, μ² = 1/2; the law in k: docs/mathematics.md", [
    {
      says: "The distance of the end from Q's minimizer, root mean square over draws, as a power of the width k",
      expected: within(-0.5, 0.03),
      measure: (evidence) => {
        const [first, ...others] = errors(evidence);
        const last = others.at(-1)!;
        return Math.log(last.y / first.y) / Math.log(last.x / first.x);
      },
    },
    ...[1e3, 1e4, 1e5, 1e6].map((width, k) => ({
      says: `k = ${width}: that distance over what theory says to first order`,
      expected: within(1, 0.1),
      measure: (evidence: Evidence) => overLaw(evidence, k),
    })),
  ]),
  shortened: {
    "matrix-wide": {
      "sweep[0].values": [
        [1000, 0.0316227766],
        [10000, 0.01],
      ],
      "sweep[1].range": [1, 7, 1],
    },
  },
  shortClaims: holding("Woodworth et al. 2020, Theorem 4", [
    {
      says: "k = 10000: the distance of the end from Q's minimizer over what theory says to first order",
      expected: within(1, 0.3),
      measure: (evidence) => overLaw(evidence, 1),
    },
  ]),
};

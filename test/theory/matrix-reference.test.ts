import { expect, test } from "vitest";
import { SingularValueDecomposition, Matrix } from "ml-matrix";
import { matrix } from "../../src/models/matrix/matrix.ts";
import { type MatrixState, trainMatrix } from "../../src/models/matrix/matrix.reference.ts";
import { matrixStart } from "../../src/models/matrix/start.ts";
import { matrixRun, tenByTen } from "./matrices.ts";
import { quantitiesOf } from "./matrix-quantities.ts";

const P10 = tenByTen();

test("mulberry32 and the matrix are those of the known numbers", () => {
  const nuclear = new SingularValueDecomposition(Matrix.from1DArray(10, 10, [...P10.betaStar!])).norm2;
  expect(nuclear).toBeCloseTo(10.44118, 5);
});

/** Alpha, step size, then the distances of weights and to the linearization, the kernel's drift, the nuclear norm. */
const known = [
  [2, 0.01, 1, 4.556372, 9.121897, 10544.09, 10.44562],
  [2, 1, 1, 3.11761, 1.847934, 0.7388639, 14.38569],
  [2, 100, 5e-4, 0.0426869, 1.91113e-6, 1.336759e-8, 16.04501],
  [3, 1, 0.2, 2.248279, 1.813108, 1.285085, 13.76616],
  [3, 10, 2e-4, 0.03485366, 2.869284e-5, 2.391976e-6, 16.045],
] as const;

for (const [factors, alpha, stepSize, distance, linear, drift, nuclear] of known)
  test(`${factors} factors, alpha ${alpha}: as known`, () => {
    const run = matrixRun({
      model: { kind: "matrix", factors, unbiased: true },
      init: { alpha, shape: "identity" },
      train: { stepSize, epochs: 2000 },
    });
    const w0 = matrix.initial(run, P10, new Map());
    let last: MatrixState | undefined;
    trainMatrix(run, P10, w0, (state) => (last = state));
    const found = quantitiesOf(last!, matrixStart({ run, dataset: P10, w0 }), P10);
    expect(found.weight_distance / distance).toBeCloseTo(1, 6);
    expect(found.linear_distance / linear).toBeCloseTo(1, 5);
    expect(found.ntk_drift / drift).toBeCloseTo(1, 5);
    expect(found.predictor_nuclear / nuclear).toBeCloseTo(1, 6);
  });

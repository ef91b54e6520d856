/** The largest eigenvalue of a kernel that is only applied to vectors. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { matrixBehaviour } from "../../src/models/matrix/behaviour.ts";
import { matrixStart } from "../../src/models/matrix/start.ts";
import { largestEigenvalue } from "../../src/theory/largest-eigenvalue.ts";
import { matrixKernelLimit } from "../../src/theory/matrix-kernel.ts";
import { matrixRun } from "./matrices.ts";

const completion = { kind: "matrix-completion", rows: 7, columns: 5, rank: 1, observed: 19, seed: 3 };
const sensing = { kind: "matrix-sensing", rows: 5, columns: 4, rank: 1, measurements: 9, seed: 3 };
const square = { ...completion, columns: 7, symmetric: true };

for (const [title, { data, model }] of Object.entries<Record<"data" | "model", Record<string, Json>>>({
  "one factor": { data: completion, model: { factors: 1 } },
  "two factors": { data: completion, model: { factors: 2, width: 6 } },
  "four factors": { data: completion, model: { factors: 4, widths: [4, 8, 3] } },
  "three factors of two copies": { data: completion, model: { factors: 3, unbiased: true } },
  "dense measurements": { data: sensing, model: { factors: 3 } },
  "U U^T": { data: square, model: { symmetric: true, width: 3 } },
}))
  test(`${title}: the kernel's largest eigenvalue, to 1e-5 and never above it`, () => {
    const run = matrixRun({
      data,
      model: { kind: "matrix", ...model },
      init: { shape: { std: 0.6 }, seed: 2 },
      train: { stepSize: 1, epochs: 1 },
    });
    const dataset = loadDataset(run.data, new Map());
    const member = { run, dataset, w0: matrixBehaviour.initial(run, dataset, new Map()) };
    const { shapes, weights } = matrixStart(member);
    const { rows, columns } = shapes;
    const { K } = matrixKernelLimit(
      {
        ...{ rows, columns, targets: dataset.y },
        ...(dataset.matrix!.cells
          ? {
              entries: Int32Array.from(
                [...dataset.matrix!.cells].flatMap((cell) => [Math.floor(cell / columns), cell % columns]),
              ),
            }
          : { measurements: dataset.X }),
      },
      {
        factors: shapes.factors.map(({ rows, columns, offset }) =>
          weights.slice(offset, offset + rows * columns),
        ),
        symmetric: model.symmetric === true,
        unbiased: model.unbiased === true,
      },
    );
    const m = dataset.samples;
    const known = new EigenvalueDecomposition(Matrix.from1DArray(m, m, [...K]), { assumeSymmetric: true });
    const ratio = matrixBehaviour.largestEigenvalue(member, dataset) / Math.max(...known.realEigenvalues);
    expect(ratio).toBeGreaterThan(1 - 1e-5);
    expect(ratio).toBeLessThan(1 + 1e-12);
  });

test("eigenvalues that lie close together: a power iteration of as many steps is a hundredth off", () => {
  const eigenvalues = Float64Array.from({ length: 100 }, (_, i) => 1 - i / 100);
  const start = Float64Array.from(eigenvalues, (_, i) => 1 + 0.1 * Math.sin(i));
  let applied = 0;
  const apply = (vector: Float64Array) => {
    applied += 1;
    return vector.map((value, i) => eigenvalues[i] * value);
  };
  const found = largestEigenvalue(apply, start, 1e-6);
  expect(found).toBeLessThanOrEqual(1 + 1e-14);
  expect(found).toBeGreaterThan(1 - 1e-5);
  let vector = start;
  let power = 0;
  for (let k = applied; k > 0; k--) {
    const next = apply(vector);
    power = Math.hypot(...next) / Math.hypot(...vector);
    vector = next;
  }
  expect(power).toBeLessThan(0.99);
});

test("no kernel, one that is not finite, and a start that is its eigenvector", () => {
  const scaled = (scale: number) =>
    largestEigenvalue((vector) => vector.map((value) => scale * value), new Float64Array(5).fill(1), 1e-6);
  expect(scaled(0)).toBe(0);
  expect(scaled(Infinity)).toBe(0);
  expect(scaled(3e-200)).toBeCloseTo(3e-200, 210);
});

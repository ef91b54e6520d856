/** What is measured on matrices by their singular values, against W as it ends. */
import { expect, test } from "vitest";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { loadDataset } from "../../src/data/registry.ts";
import type { Json } from "../../src/document/types.ts";
import { minimumNuclear } from "../../src/theory/minimum-nuclear.ts";
import { type Trained, trained } from "./experiment.ts";

const completion = { kind: "matrix-completion", rows: 6, columns: 5, rank: 1, observed: 18, seed: 3 };
const quantities = [
  "predictor_nuclear",
  "effective_rank",
  "excess_nuclear",
  "truth_excess_nuclear",
  "reconstruction_error",
  "unobserved_drift",
  "gradient_alignment",
  "predictor_l2",
  "min_l2_distance",
  "excess_l2",
  "population_l2",
  "test_loss",
];

const run = (own: Record<string, Json>): Promise<Trained> =>
  trained({
    data: completion,
    model: { kind: "matrix", factors: 2 },
    init: { shape: { std: 0.4 } },
    train: { stepSize: 0.2, epochs: 100 },
    record: { every: 50, quantities, arrays: ["predictor", "singular_values"] },
    ...own,
  });

for (const [title, own] of Object.entries<Record<string, Json>>({
  "one copy": {},
  "two copies": { model: { kind: "matrix", factors: 3, unbiased: true } },
  "less its start": { init: { shape: { std: 0.4 }, subtract: true } },
  "U U^T": {
    data: { ...completion, columns: 6, symmetric: true },
    model: { kind: "matrix", symmetric: true },
    train: { stepSize: 0.05, epochs: 100 },
  },
}))
  test(`${title}: norms, rank and distances are those of W`, async () => {
    const { rows, predictors, experiment, singularValues } = await run(own);
    const specification = experiment.runs[0];
    const dataset = loadDataset(specification.data, new Map());
    const { matrix, betaStar, y, testY } = dataset;
    const { rows: height, columns: width, cells, testCells } = matrix!;
    const W = [...predictors[0]];
    const svd = (values: number[]) =>
      new SingularValueDecomposition(Matrix.from1DArray(height, width, values), { autoTranspose: true });
    const norm = (values: number[]) => Math.hypot(...values);
    const values = svd(W).diagonal;
    const nuclear = values.reduce((sum, value) => sum + value, 0);
    const shares = values.map((value) => value / nuclear);
    const G = Matrix.zeros(height, width);
    cells!.forEach((cell, i) => G.set(Math.floor(cell / width), cell % width, W[cell] - y[i]));
    const along = svd(W).leftSingularVectors.transpose().mmul(G).mmul(svd(W).rightSingularVectors).abs();
    const size = Math.min(height, width);
    const diagonal = along.diagonal().reduce((sum, entry) => sum + entry, 0);
    const least = new Float64Array(W.length);
    cells!.forEach((cell, i) => (least[cell] = y[i]));
    const entries = Int32Array.from([...cells!].flatMap((cell) => [Math.floor(cell / width), cell % width]));
    const problem = {
      ...{ rows: height, columns: width, entries, targets: y },
      semidefinite: title === "U U^T",
    };
    const expected: Record<string, number> = {
      predictor_nuclear: nuclear,
      effective_rank: Math.exp(-shares.reduce((sum, share) => sum + (share && share * Math.log(share)), 0)),
      excess_nuclear: nuclear - minimumNuclear(problem).nuclear,
      truth_excess_nuclear: nuclear - svd([...betaStar!]).diagonal.reduce((sum, value) => sum + value, 0),
      reconstruction_error: norm(W.map((entry, cell) => entry - betaStar![cell])) / norm([...betaStar!]),
      gradient_alignment: diagonal / size / ((along.sum() - diagonal) / (size * (size - 1))),
      predictor_l2: norm(W),
      min_l2_distance: norm(W.map((entry, cell) => entry - least[cell])),
      excess_l2: norm(W) - norm([...least]),
      population_l2: norm(W.map((entry, cell) => entry - betaStar![cell])) ** 2,
      test_loss: norm([...testCells].map((cell, i) => W[cell] - testY[i])) ** 2 / testCells.length,
    };
    const last = rows[0].at(-1)!;
    for (const [name, value] of Object.entries(expected))
      expect(Math.abs(last[name] - value) / (1 + Math.abs(value)), name).toBeLessThan(1e-4);
    expect(last.unobserved_drift).toBeGreaterThan(0);
    const found = singularValues[0].at(-1)!;
    values.forEach((value, k) => expect(Math.abs(found[k] - value) / values[0]).toBeLessThan(1e-5));
  });

test("where W starts at 0 there is no rank, and entries that are not observed have not moved", async () => {
  const { rows, predictors, experiment } = await run({
    model: { kind: "matrix", factors: 2, unbiased: true },
  });
  const [first, , last] = rows[0];
  expect(first.effective_rank).toBeNaN();
  expect(first.predictor_nuclear).toBe(0);
  expect(first.unobserved_drift).toBe(0);
  const { cells } = loadDataset(experiment.runs[0].data, new Map()).matrix!;
  const moved = [...predictors[0].keys()].filter((cell) => !cells!.includes(cell));
  const rms = Math.hypot(...moved.map((cell) => predictors[0][cell])) / Math.sqrt(moved.length);
  expect(last.unobserved_drift / rms).toBeCloseTo(1, 5);
});

/** What is measured on matrices by their singular values, against W as it ends. */
import { expect, test } from "vitest";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";
import { minimumNuclear } from "../../src/theory/minimum-nuclear.ts";
import { singularBiasMinimizer } from "../../src/theory/singular-bias-minimizer.ts";
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

test("what the nuclear norm is above is told with its gap, a dataset an entry", async () => {
  const { rows, report, experiment } = await run({
    record: { every: 100, quantities: ["predictor_nuclear", "excess_nuclear"], arrays: [] },
    sweep: [
      { path: "init.alpha", values: [0.5, 1] },
      { path: "data.seed", values: [3, 4] },
    ],
  });
  const { minimumNuclear } = report;
  expect(minimumNuclear!.map(({ run }) => run)).toEqual([0, 1]);
  minimumNuclear!.forEach(({ nuclear, gap, effective_rank, reconstruction_error }, k) => {
    const { predictor_nuclear, excess_nuclear } = rows[k].at(-1)!;
    expect(predictor_nuclear - excess_nuclear).toBeCloseTo(nuclear, 12);
    expect(gap).toBeLessThanOrEqual(1e-6);
    expect(effective_rank).toBeGreaterThanOrEqual(1);
    const { betaStar } = loadDataset(experiment.runs[k].data, new Map());
    // Its norm is below the truth's; so it is no further away than twice that.
    expect(reconstruction_error).toBeLessThan(2);
    expect(nuclear).toBeLessThanOrEqual(
      new SingularValueDecomposition(Matrix.from1DArray(6, 5, [...betaStar!])).diagonal.reduce(
        (a, b) => a + b,
      ),
    );
  });
});

test("bias_gap: none where measurements share their singular vectors, what is left of it elsewhere", async () => {
  const document = {
    model: { kind: "matrix", factors: 2, unbiased: true },
    init: { shape: "identity" },
    train: { method: "gradient-flow", stopLoss: 1e-10, maxSteps: 5000 },
    record: { every: 5000, quantities: ["bias_gap"], arrays: ["predictor"] },
    sweep: [{ path: "init.alpha", values: [0.03, 0.3] }],
  };
  const diagonal = { kind: "matrix-sensing", rows: 5, columns: 5, rank: 1, measurements: 3 };
  const shared = await run({ ...document, data: { ...diagonal, measurement: "diagonal" } });
  for (const own of shared.rows) expect(own.at(-1)!.bias_gap).toBeLessThan(5e-5);

  const others = await run(document);
  others.rows.forEach((own, k) => {
    const { data, init } = others.experiment.runs[k];
    const { matrix, y } = loadDataset(data, new Map());
    const { rows, columns, cells } = matrix!;
    const entries = Int32Array.from(
      [...cells!].flatMap((cell) => [Math.floor(cell / columns), cell % columns]),
    );
    const { W } = singularBiasMinimizer({ rows, columns, entries, targets: y }, init.alpha);
    const gap = Math.hypot(...W.map((entry, cell) => entry - others.predictors[k][cell])) / Math.hypot(...W);
    expect(own.at(-1)!.bias_gap).toBeCloseTo(gap, 5);
    if (k === 0) expect(gap).toBeGreaterThan(1e-3);
  });
});

/** Factorized matrices: every quantity against float64. */
import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import type { Files } from "../../src/engine.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { tenByTen } from "../theory/matrices.ts";
import { npyFile, trained, worstError } from "./experiment.ts";
import { matrixRows, matrixRun } from "./matrix.ts";

const QUANTITIES = [
  "loss",
  "linear_loss",
  "weight_distance",
  "linear_distance",
  "function_distance",
  "ntk_drift",
];
const toLargest = ["loss", "linear_loss", "function_distance"];

const completion = { kind: "matrix-completion", rows: 6, columns: 5, rank: 1, observed: 18, seed: 3 };

const documentOf = (model: Record<string, Json>, own: Record<string, Json> = {}) => ({
  data: completion,
  model: { kind: "matrix", ...model },
  init: { shape: { std: 0.4 } },
  train: { stepSize: 0.1, epochs: 40 },
  record: { every: 10, quantities: QUANTITIES, arrays: [] },
  ...own,
});

async function compare(document: Record<string, Json>): Promise<void> {
  const { rows, experiment } = await trained(document);
  experiment.runs.forEach((run, index) => {
    const expected = matrixRows(run);
    for (const name of run.record.quantities)
      expect(
        worstError(rows[index], expected, name, toLargest.includes(name)),
        `${name} of ${JSON.stringify(run.swept)}`,
      ).toBeLessThan(1e-4);
  });
}

for (const model of [
  { factors: 1 },
  { factors: 2, width: 4 },
  { factors: 3, widths: [4, 7] },
  { factors: 2, width: 4, unbiased: true },
  { factors: 3, widths: [4, 7], unbiased: true },
])
  test(`${JSON.stringify(model)}: every quantity within 1e-4`, async () => {
    await compare(documentOf(model));
  });

const square = { ...completion, columns: 6, symmetric: true };
const sensing = { kind: "matrix-sensing", rows: 6, columns: 5, rank: 1, measurements: 13, seed: 3 };

for (const [title, document] of Object.entries<Record<string, Json>>({
  "U U^T": { data: square, model: { kind: "matrix", symmetric: true, width: 3 } },
  "U U^T of two copies": {
    data: square,
    model: { kind: "matrix", symmetric: true, width: 3, unbiased: true },
  },
  "dense measurements": { data: sensing },
  "dense measurements of two copies": {
    train: { stepSize: 0.01, epochs: 40 },
    data: sensing,
    model: { kind: "matrix", factors: 3, unbiased: true },
  },
  "dense measurements, symmetric": {
    train: { stepSize: 0.002, epochs: 40 },
    data: { ...sensing, columns: 6, measurement: "gaussian" },
    model: { kind: "matrix", symmetric: true, unbiased: true },
  },
  minibatches: { train: { stepSize: 0.1, epochs: 40, batchSize: 5, seed: 2 } },
  "minibatches of dense measurements": {
    data: sensing,
    train: { stepSize: 0.05, epochs: 40, batchSize: 5, seed: 2 },
  },
  "a penalty": { loss: { l2: 0.03 } },
  "a penalty, two copies": {
    loss: { l2: 0.03 },
    model: { kind: "matrix", factors: 3, unbiased: true },
  },
  "a penalty, U U^T of two copies": {
    data: square,
    loss: { l2: 0.03 },
    model: { kind: "matrix", symmetric: true, unbiased: true },
  },
  "a sum": { loss: { reduction: "sum" }, train: { stepSize: 0.005, epochs: 40 } },
  "output scaling": { init: { shape: { std: 0.4 }, alpha: 3, scaling: "output" } },
  "less its start": { init: { shape: "orthogonal", alpha: 0.5, subtract: true } },
}))
  test(`${title}: every quantity within 1e-4`, async () => {
    await compare(documentOf({ factors: 2 }, document));
  });

/** P10 of the known numbers, as files. */
function tenByTenFiles(): Files {
  const { matrix, y, betaStar } = tenByTen();
  const entries = Float64Array.from(
    [...matrix!.cells!].flatMap((cell) => [Math.floor(cell / 10), cell % 10]),
  );
  return new Map([
    ["entries.npy", npyFile(entries, [60, 2])],
    ["targets.npy", npyFile(y)],
    ["truth.npy", npyFile(betaStar!, [10, 10])],
  ]);
}
const p10 = {
  kind: "matrix-file",
  rows: 10,
  columns: 10,
  entries: "entries.npy",
  targets: "targets.npy",
  truth: "truth.npy",
};

for (const [factors, alphas, rate] of [
  [2, [1e-3, 0.03, 1, 30, 1e3], 5],
  [3, [1e-2, 0.3, 1, 10, 100], 2],
] as const)
  test(`${factors} factors, alpha ${alphas[0]} to ${alphas.at(-1)}: far below what plain storage leaves`, async () => {
    const files = tenByTenFiles();
    const { rows, experiment, predictors } = await trained(
      {
        data: p10,
        model: { kind: "matrix", factors, unbiased: true },
        init: { shape: "identity" },
        train: { epochs: 1000 },
        record: {
          every: 250,
          quantities: ["loss", "weight_distance", "linear_distance", "ntk_drift"],
          arrays: ["predictor"],
        },
        sweep: [
          {
            paths: ["init.alpha", "train.stepSize"],
            values: alphas.map((alpha) => [
              alpha,
              Math.min(factors === 2 ? 1 : 0.2, rate * alpha ** (2 - 2 * factors)),
            ]),
          },
        ],
      },
      files,
    );
    experiment.runs.forEach((run, index) => {
      const { expected, change } = matrixRun(run, files);
      const error = (name: string) => worstError(rows[index], expected, name, name === "loss");
      const title = JSON.stringify(run.swept);
      expect(error("weight_distance"), title).toBeLessThan(1e-6);
      expect(error("linear_distance"), title).toBeLessThan(1e-4);
      expect(error("ntk_drift"), title).toBeLessThan(5e-5);
      const norm = Math.hypot(...change);
      const gap = Math.hypot(...predictors[index].map((entry, cell) => entry - change[cell]));
      expect(gap / norm, title).toBeLessThan(1e-5);
    });
  });

for (const factors of [2, 3])
  test(`diagonal measurements, ${factors} factors of two identities: the diagonal network's iterates, at its depth times the step`, async () => {
    const [n, stepSize] = [6, 0.002];
    const data = {
      kind: "matrix-sensing",
      rows: n,
      columns: n,
      rank: 2,
      measurements: 4,
      measurement: "diagonal",
    };
    const own = {
      train: { stepSize: factors * stepSize, epochs: 60 },
      record: {
        every: 10,
        quantities: [...QUANTITIES, "bias_gap"].slice(0, factors === 2 ? 7 : 6),
        arrays: ["predictor"],
      },
      sweep: [{ path: "init.alpha", values: [0.3, 1, 2] }],
    };
    const model = { kind: "matrix", factors, unbiased: true };
    const matrices = await trained({ ...own, data, model, init: { shape: "identity" } });
    const { X, y } = loadDataset(matrices.experiment.runs[0].data, new Map());
    const diagonals = Float64Array.from(
      { length: 4 * n },
      (_, k) => X[Math.floor(k / n) * n * n + (k % n) * (n + 1)],
    );
    const files: Files = new Map([
      ["x.npy", npyFile(diagonals, [4, n])],
      ["y.npy", npyFile(y)],
    ]);
    const vectors = await trained(
      {
        ...own,
        data: { kind: "file", inputs: "x.npy", targets: "y.npy" },
        model: { kind: "diagonal", depth: factors },
        train: { stepSize, epochs: 60 },
      },
      files,
    );
    // Each of its weights stands in so many factors.
    const times: Record<string, number> = {
      weight_distance: Math.sqrt(factors),
      linear_distance: Math.sqrt(factors),
    };
    matrices.rows.forEach((records, run) => {
      for (const name of own.record.quantities) {
        const largest = Math.max(...vectors.rows[run].map((row) => row[name]));
        records.forEach((row, k) => {
          const expected = (times[name] ?? 1) * vectors.rows[run][k][name];
          const scale = toLargest.includes(name) ? largest : Math.abs(expected);
          // A gap near nothing is one of rounding.
          if (name === "bias_gap") expect(row[name]).toBeCloseTo(expected, 5);
          else
            expect(Math.abs(row[name] - expected), `${name} at ${k} of run ${run}`).toBeLessThanOrEqual(
              1e-4 * scale,
            );
        });
      }
      matrices.predictors[run].forEach((entry, cell) => {
        const [i, j] = [Math.floor(cell / n), cell % n];
        if (i !== j) expect(entry).toBe(0);
        else expect(entry).toBeCloseTo(vectors.predictors[run][i], 5);
      });
    });
  });

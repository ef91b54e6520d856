/** Factorized matrices: every quantity against float64. */
import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { trained, worstError } from "./experiment.ts";
import { matrixRows } from "./matrix.ts";

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

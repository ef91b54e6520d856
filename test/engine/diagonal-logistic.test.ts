/** Diagonal networks on the logistic loss, their linearization and their flow, against float64. */

import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { npyFile, referenceRows, trained, worstError } from "./experiment.ts";

const data = { kind: "sparse-signs", samples: 9, dimension: 14, seed: 3, testSamples: 6 };
const relative = [
  "weight_distance",
  "linear_distance",
  "ntk_drift",
  "predictor_l1",
  "weight_l2",
  "flow_error",
  "margin",
];
const toLargest = ["loss", "linear_loss", "test_loss", "function_distance"];
const counted = ["train_accuracy", "test_accuracy"];

type Given = Record<string, Json> & {
  train: { stepSize: number; epochs: number; batchSize?: number };
};

const documents: Record<string, Given> = {
  "D = 2, full batches": { train: { stepSize: 0.02, epochs: 600 } },
  "D = 2, minibatches, a penalty": {
    train: { stepSize: 0.02, epochs: 300, batchSize: 4 },
    loss: { kind: "logistic", l2: 1e-3 },
  },
  "D = 3": { model: { kind: "diagonal", depth: 3 }, train: { stepSize: 0.01, epochs: 400 } },
  "D = 2, scaled output": {
    train: { stepSize: 0.02, epochs: 300 },
    init: { scaling: "output", shape: { file: "w0.npy" }, subtract: true },
  },
};
const w0 = npyFile(Float64Array.from({ length: 28 }, (_, k) => 0.6 + 0.02 * ((5 * k) % 28)));

for (const [name, document] of Object.entries(documents))
  test(`a diagonal network on the logistic loss agrees with float64: ${name}`, async () => {
    const files = new Map([["w0.npy", w0]]);
    const { rows, experiment } = await trained(
      {
        data,
        model: { kind: "diagonal", depth: 2 },
        loss: { kind: "logistic" },
        record: { every: { log: 8 }, quantities: [...relative, ...toLargest, ...counted], arrays: [] },
        ...document,
        // Small enough for the kernels of large alphas.
        sweep: [
          {
            paths: ["init.alpha", "train.stepSize"],
            values: [0.1, 1, 20].map((alpha) => [
              alpha,
              document.train.stepSize * Math.min(1, alpha ** (document.model ? -4 : -2)),
            ]),
          },
        ],
      },
      files,
    );
    rows.forEach((records, index) => {
      const expected = referenceRows(experiment.runs[index], files);
      const where = `alpha = ${experiment.runs[index].init.alpha}`;
      for (const quantity of relative)
        expect(
          worstError(records, expected, quantity, quantity === "margin"),
          `${quantity}, ${where}`,
        ).toBeLessThan(1e-4);
      for (const quantity of toLargest)
        expect(worstError(records, expected, quantity, true), `${quantity}, ${where}`).toBeLessThan(1e-4);
      for (const quantity of counted)
        records.forEach((record, k) => expect(record[quantity]).toBe(expected[k][quantity]));
    });
  });

test("its flow comes where small steps do, and stops at a loss", async () => {
  const one = (train: Record<string, number | string>) =>
    trained({
      data,
      model: { kind: "diagonal", depth: 2 },
      loss: { kind: "logistic" },
      train,
      record: { every: 100_000, quantities: ["loss", "margin", "predictor_l1"], arrays: [] },
    });
  const flow = await one({ method: "gradient-flow", stopLoss: 1e-2 });
  const end = flow.rows[0].at(-1)!;
  expect(flow.status).toEqual(["converged"]);
  expect(end.loss).toBeLessThan(1e-2);
  const descent = await one({ stepSize: end.time / 4000, epochs: 4000 });
  const last = descent.rows[0].at(-1)!;
  for (const quantity of ["loss", "margin", "predictor_l1"])
    expect(Math.abs(last[quantity] / end[quantity] - 1), quantity).toBeLessThan(2e-2);
});

/** Noise on labels: float64 draws the same, and the start from which the flow would end where such descent does is known. */

import { expect, test } from "vitest";
import { referenceRows, seed500, seed500Files, trained, worstError } from "./experiment.ts";
import { reluRows } from "./relu.ts";

const data = { kind: "linear-uniform", samples: 10, dimension: 20, seed: 1 };

for (const [name, document] of Object.entries({
  "full batches": { train: { stepSize: 2e-3, epochs: 400, labelNoise: 0.5 } },
  minibatches: { train: { stepSize: 1e-3, epochs: 200, batchSize: 3, labelNoise: 0.5, noiseEpochs: 70 } },
  "depth 3, copies apart": {
    model: { kind: "diagonal", depth: 3 },
    init: { shape: { std: 0.7 } },
    train: { stepSize: 1e-3, epochs: 200, labelNoise: 0.3 },
  },
}))
  test(`a diagonal network with noise on its labels agrees with float64: ${name}`, async () => {
    const { rows, experiment } = await trained({
      data,
      model: { kind: "diagonal", depth: 2 },
      record: {
        every: { log: 10 },
        quantities: [
          "loss",
          "linear_loss",
          "weight_distance",
          "linear_distance",
          "function_distance",
          "predictor_l2",
        ],
        arrays: [],
      },
      ...document,
      sweep: [
        { path: "init.alpha", values: [0.1, 1] },
        { path: "train.seed", values: [1, 2] },
      ],
    });
    rows.forEach((records, index) => {
      const expected = referenceRows(experiment.runs[index], new Map());
      for (const quantity of ["weight_distance", "linear_distance", "predictor_l2"])
        expect(worstError(records, expected, quantity), quantity).toBeLessThan(1e-4);
      for (const quantity of ["loss", "linear_loss", "function_distance"])
        expect(worstError(records, expected, quantity, true), quantity).toBeLessThan(1e-4);
    });
    // Each seed has noise of its own.
    expect(rows[0].at(-1)!.loss).not.toBe(rows[1].at(-1)!.loss);
  });

test("so does a ReLU network, and its linearization", async () => {
  const { rows, experiment } = await trained({
    data: { ...data, samples: 7, dimension: 5 },
    model: { kind: "relu", widths: [6] },
    init: { shape: "he" },
    train: { stepSize: 1e-2, epochs: 60, batchSize: 3, labelNoise: 0.3, noiseEpochs: 40 },
    record: {
      every: 10,
      quantities: ["loss", "linear_loss", "weight_distance", "linear_distance"],
      arrays: [],
    },
    sweep: [{ path: "init.alpha", values: [0.7, 2] }],
  });
  rows.forEach((records, index) => {
    const expected = reluRows(experiment.runs[index], new Map());
    for (const quantity of ["loss", "linear_loss"])
      expect(worstError(records, expected, quantity, true), quantity).toBeLessThan(1e-4);
    for (const quantity of ["weight_distance", "linear_distance"])
      expect(worstError(records, expected, quantity), quantity).toBeLessThan(1e-4);
  });
});

test("the effective scale is that of w+ w-, after noise, minibatches and a penalty too", async () => {
  for (const change of [
    { train: { stepSize: 2e-3, epochs: 400, labelNoise: 2 } },
    { train: { stepSize: 2e-3, epochs: 200, batchSize: 3 } },
    { train: { stepSize: 2e-3, epochs: 400 }, loss: { l2: 0.3 } },
    { train: { stepSize: 2e-3, epochs: 300 }, init: { scaling: "output" } },
  ]) {
    const { rows, experiment } = await trained({
      data,
      model: { kind: "diagonal", depth: 2 },
      record: { every: { log: 8 }, quantities: ["effective_alpha"], arrays: [] },
      ...change,
      sweep: [{ path: "init.alpha", values: [0.3, 1] }],
    });
    rows.forEach((records, index) => {
      const expected = referenceRows(experiment.runs[index], new Map());
      expect(worstError(records, expected, "effective_alpha"), JSON.stringify(change)).toBeLessThan(1e-5);
      expect(records.at(-1)!.effective_alpha).toBeLessThan(records[0].effective_alpha);
    });
  }
});

test("descent ends at the minimizer of Q of its effective start, up to the edge of stability and past it", async () => {
  // Edges where the flow ends: 0.0894 and 0.0265.
  const { rows } = await trained(
    {
      data: seed500,
      model: { kind: "diagonal", depth: 2 },
      train: { epochs: 6000, stopLoss: 1e-12 },
      record: { every: 6000, quantities: ["bias_gap", "effective_bias_gap"], arrays: [] },
      sweep: [
        {
          paths: ["init.alpha", "train.stepSize"],
          values: [
            [0.1, 0.045],
            [0.1, 0.08],
            [0.1, 0.098],
            [1, 0.0258],
            [1, 0.0315],
          ],
        },
      ],
    },
    await seed500Files(),
  );
  for (const records of rows) expect(records.at(-1)!.effective_bias_gap).toBeLessThan(1e-4);
  expect(rows[2].at(-1)!.bias_gap).toBeGreaterThan(0.1);
});

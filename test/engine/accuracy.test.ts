import { describe, expect, test } from "vitest";
import { fillUniform, stream } from "../../src/data/stream.ts";
import type { Files } from "../../src/engine.ts";
import { diagonalBehaviour } from "../../src/models/diagonal-behaviour.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { npyFile, referenceRows, seed500, seed500Files, trained, worstError } from "./experiment.ts";

const relative = [
  "weight_distance",
  "linear_distance",
  "ntk_drift",
  "predictor_l1",
  "predictor_l2",
  "weight_l1",
  "weight_l2",
];
const toLargest = ["loss", "function_distance", "linear_loss"];
const quantities = [...relative, ...toLargest];

/** Step sizes at a fifth of the stability limit N / lambda_max(K0), or smaller where the rich regime needs it. */
function stepSizes(alphas: number[], depth: number, init: Record<string, unknown>, files: Files) {
  const dataset = loadDataset(seed500 as never, files);
  return alphas.map((alpha) => {
    const run = {
      model: { kind: "diagonal", depth },
      loss: { l2: 0 },
      init: { alpha, shape: "ones", scaling: "weights", seed: 1, ...init },
    };
    const w0 = diagonalBehaviour.initial(run as never, dataset, files);
    const eigenvalue = diagonalBehaviour.largestEigenvalue({ run, dataset, w0 } as never, dataset);
    return [alpha, Math.min(0.2 * (dataset.samples / eigenvalue), (0.002 * 4) / depth ** 2)];
  });
}

describe("float32 on the GPU against float64", () => {
  test("D = 2, alpha = 1e-3 ... 1e3: weight distance within 1e-5, linear distance and drift within 1e-4", async () => {
    const alphas = [1e-3, 1e-2, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];
    const files = await seed500Files();
    const { rows, experiment } = await trained(
      {
        data: seed500,
        model: { kind: "diagonal", depth: 2 },
        train: { epochs: 3000 },
        record: { every: { log: 30 }, quantities },
        sweep: [{ paths: ["init.alpha", "train.stepSize"], values: stepSizes(alphas, 2, {}, files) }],
      },
      files,
    );
    rows.forEach((records, index) => {
      const expected = referenceRows(experiment.runs[index], files);
      expect(records.length).toBe(expected.length);
      const where = `alpha = ${alphas[index]}`;
      expect(worstError(records, expected, "weight_distance"), where).toBeLessThan(1e-5);
      for (const name of relative)
        expect(worstError(records, expected, name), `${name}, ${where}`).toBeLessThan(1e-4);
      for (const name of toLargest)
        expect(worstError(records, expected, name, true), `${name}, ${where}`).toBeLessThan(1e-4);
    });
  });

  for (const depth of [1, 3, 4, 6])
    test(`D = ${depth}, w0 ~ U(.5, 1.5), alpha = 1e-2 ... 100: within 2e-4`, async () => {
      const alphas = [1e-2, 0.1, 1, 10, 100];
      const init = { shape: { file: "w0.npy" } };
      const w0 = new Float64Array(20);
      fillUniform(stream(7, "initialWeights"), w0, 0.5, 1.5);
      const files = new Map([...(await seed500Files()), ["w0.npy", npyFile(w0)]]);
      const { rows, experiment } = await trained(
        {
          data: seed500,
          model: { kind: "diagonal", depth },
          init,
          train: { epochs: 3000 },
          record: { every: { log: 20 }, quantities },
          sweep: [{ paths: ["init.alpha", "train.stepSize"], values: stepSizes(alphas, depth, init, files) }],
        },
        files,
      );
      rows.forEach((records, index) => {
        const expected = referenceRows(experiment.runs[index], files);
        const where = `alpha = ${alphas[index]}`;
        for (const name of relative)
          expect(worstError(records, expected, name), `${name}, ${where}`).toBeLessThan(2e-4);
        for (const name of toLargest)
          expect(worstError(records, expected, name, true), `${name}, ${where}`).toBeLessThan(2e-4);
      });
    });
});

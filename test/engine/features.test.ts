import { describe, expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { fillUniform, stream } from "../../src/data/stream.ts";
import type { Files } from "../../src/engine.ts";
import { npyFile, referenceRows, seed500, seed500Files, trained, worstError } from "./experiment.ts";

const relative = [
  "weight_distance",
  "linear_distance",
  "ntk_drift",
  "ntk_misalignment",
  "predictor_l1",
  "predictor_l2",
  "weight_l1",
  "weight_l2",
  "flow_error",
];
/** Of the sign of outputs, and of the kernel alone. */
const ofLabels = [
  "train_accuracy",
  "test_accuracy",
  "margin",
  "ntk_label_alignment",
  "ntk_eigenvalue_1",
  "ntk_eigenvalue_2",
  "ntk_eigenvalue_3",
];
const toLargest = ["ntk_change_lowest", "ntk_change_highest", "loss", "function_distance", "linear_loss"];

/** Trains on the GPU and in float64, and compares every recorded quantity. */
async function compare(document: Record<string, Json>, files: Files, bound: number, names = relative) {
  const quantities = [...names, ...toLargest];
  const result = await trained(
    { model: { kind: "diagonal" }, record: { every: 10, quantities }, ...document },
    files,
  );
  result.experiment.runs.forEach((run, index) => {
    const expected = referenceRows(run, files);
    const actual = result.rows[index];
    expect(actual.map(({ epoch }) => epoch)).toEqual(expected.map(({ epoch }) => epoch));
    for (const name of names)
      expect(worstError(actual, expected, name), `${name}, run ${index}`).toBeLessThan(bound);
    for (const name of toLargest)
      expect(worstError(actual, expected, name, true), `${name}, run ${index}`).toBeLessThan(bound);
  });
  return result;
}

describe("against float64", () => {
  for (const [title, samples, batchSize] of [
    ["with a ragged last batch", 23, 5],
    ["whole fours, in no order", 24, 8],
  ] as const)
    test(`minibatches, shuffled anew every epoch, ${title}, seeds of their own`, async () => {
      await compare(
        {
          data: { kind: "linear-sparse", samples, dimension: 31, sparsity: 3, noise: 0.1, seed: 4 },
          train: { stepSize: 2e-3, epochs: 150, batchSize },
          sweep: [
            { path: "train.seed", values: [1, 2] },
            { path: "init.alpha", values: [0.1, 1, 3] },
          ],
        },
        new Map(),
        1e-4,
      );
    });

  test("runs with data of their own, noise and a test set", async () => {
    const { rows, experiment } = await compare(
      {
        data: { kind: "linear-uniform", samples: 9, dimension: 14, noise: 0.2, testSamples: 17 },
        train: { stepSize: 1e-3, epochs: 200 },
        record: {
          every: 50,
          quantities: [
            ...relative,
            ...toLargest,
            "test_loss",
            "population_l1",
            "population_l2",
            "ntk_alignment",
            ...ofLabels,
          ],
        },
        sweep: [
          { path: "data.seed", range: [1, 8, 1] },
          { path: "init.alpha", values: [0.3, 1] },
        ],
      },
      new Map(),
      1e-4,
    );
    experiment.runs.forEach((run, index) => {
      const expected = referenceRows(run, new Map());
      for (const name of ["population_l1", "population_l2", "test_loss", ...ofLabels])
        expect(worstError(rows[index], expected, name), `${name}, run ${index}`).toBeLessThan(1e-5);
      for (const row of rows[index]) expect(row.ntk_alignment + row.ntk_misalignment).toBeCloseTo(1, 12);
    });
  });

  test("an explicit l2 penalty, on the twin too, at D = 2 and 3", async () => {
    for (const depth of [2, 3])
      await compare(
        {
          data: seed500,
          model: { kind: "diagonal", depth },
          loss: { kind: "squared", l2: 0.02 },
          train: { stepSize: 1e-3, epochs: 300 },
          sweep: [{ path: "init.alpha", values: [0.3, 1] }],
        },
        await seed500Files(),
        1e-4,
      );
  });

  test("sum reduction and output scaling", async () => {
    await compare(
      {
        data: seed500,
        loss: { kind: "squared", reduction: "sum" },
        init: { scaling: "output" },
        train: { stepSize: 1e-4, epochs: 300 },
        sweep: [{ path: "init.alpha", values: [0.3, 1, 20] }],
      },
      await seed500Files(),
      1e-4,
    );
  });

  test("D = 10 from alpha = 0.3 to 30", async () => {
    await compare(
      {
        data: seed500,
        model: { kind: "diagonal", depth: 10 },
        train: { epochs: 200 },
        sweep: [
          {
            paths: ["init.alpha", "train.stepSize"],
            values: [0.3, 1, 30].map((alpha) => [alpha, alpha < 1 ? 1e-4 : 2e-5 * alpha ** -18]),
          },
        ],
      },
      await seed500Files(),
      2e-4,
    );
  });

  test("f less f at the start, where copies start apart", async () => {
    const w0 = new Float64Array(40);
    fillUniform(stream(3, "initialWeights"), w0, 0.5, 1.5);
    const files = new Map([...(await seed500Files()), ["w0.npy", npyFile(w0)]]);
    const { rows, predictors, experiment } = await compare(
      {
        data: seed500,
        init: { shape: { file: "w0.npy" }, subtract: true },
        train: { stepSize: 1e-3, epochs: 300 },
        record: {
          every: 100,
          quantities: [...relative, ...toLargest, "train_accuracy", "margin"],
          arrays: ["predictor"],
        },
        sweep: [{ path: "init.alpha", values: [0.3, 1] }],
      },
      files,
      2e-4,
    );
    experiment.runs.forEach((run, index) => {
      const expected = referenceRows(run, files);
      expect(rows[index][0].predictor_l2).toBe(0);
      for (const name of ["train_accuracy", "margin"])
        expect(worstError(rows[index], expected, name), `${name}, run ${index}`).toBeLessThan(1e-4);
      const l1 = predictors[index].reduce((sum, value) => sum + Math.abs(value), 0);
      expect(Math.abs(l1 / expected.at(-1)!.predictor_l1 - 1)).toBeLessThan(1e-5);
    });
  });

  test("copies that start apart, D = 1, 2, 3", async () => {
    const w0 = new Float64Array(40);
    fillUniform(stream(3, "initialWeights"), w0, 0.5, 1.5);
    const files = new Map([...(await seed500Files()), ["w0.npy", npyFile(w0)]]);
    for (const depth of [1, 2, 3])
      await compare(
        {
          data: seed500,
          model: { kind: "diagonal", depth },
          init: { shape: { file: "w0.npy" } },
          train: { stepSize: 1e-4, epochs: 200, batchSize: 4 },
          sweep: [{ path: "init.alpha", values: [0.3, 1, 2] }],
        },
        files,
        2e-4,
        [...relative, ...ofLabels.filter((name) => name !== "test_accuracy")],
      );
  });
});

test("weights and predictors at the end are those of float64, the lost small copy included", async () => {
  const files = await seed500Files();
  for (const depth of [1, 2, 3]) {
    const { weights, predictors, experiment } = await trained(
      {
        data: seed500,
        model: { kind: "diagonal", depth },
        train: { stepSize: 1e-3, epochs: 3000 },
        record: { every: 3000, quantities: ["loss"], arrays: ["weights", "predictor"] },
        sweep: [{ path: "init.alpha", values: [0.05, 1] }],
      },
      files,
    );
    const { trainDiagonal } = await import("../../src/models/diagonal.reference.ts");
    const { loadDataset } = await import("../../src/data/datasets.ts");
    experiment.runs.forEach((run, index) => {
      const dataset = loadDataset(run.data, files);
      let expected: number[] = [];
      let beta: number[] = [];
      trainDiagonal(
        run,
        dataset,
        new Float64Array(40).fill(1),
        (state) => {
          if (state.updates < 3000) return;
          const { alpha } = run.init;
          expected = [...state.plus, ...state.minus].map((value) => alpha + value);
          beta = [...state.beta];
        },
        { apart: true },
      );
      const largest = Math.max(...beta.map(Math.abs));
      expected.forEach((value, k) =>
        expect(weights[index][k] / value - 1, `D = ${depth}, weight ${k}`).toBeCloseTo(0, 3),
      );
      beta.forEach((value, k) => expect(Math.abs(predictors[index][k] - value)).toBeLessThan(1e-4 * largest));
    });
  }
});

describe("stopping", () => {
  test("keras and full rules with minibatches stop where float64 stops", async () => {
    for (const stopRule of ["full", "keras"]) {
      const document = {
        data: { kind: "linear-uniform", samples: 11, dimension: 20, seed: 2 },
        model: { kind: "diagonal" },
        train: { stepSize: 5e-3, epochs: 3000, batchSize: 4, stopLoss: 1e-3, stopRule },
        record: { every: 100, quantities: ["loss"] },
        sweep: [{ path: "init.alpha", values: [0.1, 0.5, 1] }],
      };
      const { epochs, status, rows, experiment } = await trained(document);
      const { trainDiagonal } = await import("../../src/models/diagonal.reference.ts");
      const { loadDataset } = await import("../../src/data/datasets.ts");
      const { epochOrder } = await import("../../src/data/stream.ts");
      experiment.runs.forEach((run, index) => {
        let stopped = -1;
        let running = 0;
        const N = 11;
        trainDiagonal(run, loadDataset(run.data, new Map()), new Float64Array(40).fill(1), (state) => {
          if (stopped >= 0) return;
          const squares = (rows: Iterable<number>) => {
            let sum = 0;
            for (const j of rows) sum += state.residual[j] ** 2;
            return sum;
          };
          const [epoch, batch] = [Math.floor(state.updates / 3), state.updates % 3];
          if (stopRule === "full") {
            if (batch === 0 && state.updates > 0 && squares(state.residual.keys()) / N <= 1e-3)
              stopped = epoch;
            return;
          }
          running += squares(epochOrder(1, epoch, N).subarray(4 * batch, 4 * batch + 4)) / N;
          if (batch < 2) return;
          if (running <= 1e-3) stopped = epoch + 1;
          running = 0;
        });
        expect(epochs[index], `${stopRule}, run ${index}`).toBe(stopped);
        expect(status[index]).toBe("converged");
        expect(rows[index].at(-1)!.epoch).toBe(stopped);
      });
    }
  });

  test("a diverged run is marked and frozen, and its neighbours are untouched to the bit", async () => {
    const files = await seed500Files();
    const document = (values: number[]) => ({
      data: seed500,
      model: { kind: "diagonal" },
      train: { stepSize: 1e-3, epochs: 400 },
      record: { every: 40, quantities: ["loss", "weight_distance", "linear_distance"] },
      sweep: [{ path: "init.alpha", values }],
    });
    const alone = await trained(document([0.1, 1]), files);
    const beside = await trained(document([0.1, 30, 1]), files);
    expect(beside.status).toEqual(["finished", "diverged", "finished"]);
    expect(beside.epochs[1]).toBeLessThan(400);
    expect(beside.rows[1].at(-1)!.epoch).toBe(beside.epochs[1]);
    expect([beside.rows[0], beside.rows[2]]).toEqual(alone.rows);
  });
});

describe("how the work is cut changes no bit", () => {
  const document = {
    data: { kind: "linear-uniform", samples: 13, dimension: 21, seed: 5 },
    model: { kind: "diagonal" },
    train: { stepSize: 1e-3, epochs: 120, batchSize: 6, stopLoss: 0.05 },
    record: {
      every: 7,
      quantities: ["loss", "weight_distance", "linear_distance", "ntk_drift", "flow_error"],
      arrays: ["ntk"],
    },
    sweep: [{ path: "init.alpha", logspace: [-1, 0.5, 21] }],
  };

  test("short and long submits", async () => {
    const short = await trained(document, new Map(), { submitBudget: 0.1 });
    const long = await trained(document, new Map(), { submitBudget: 1000 });
    expect(short.rows).toEqual(long.rows);
    expect(short.kernels).toEqual(long.kernels);
    expect(short.epochs).toEqual(long.epochs);
  });

  test("runs one by one, in any order, and all at once", async () => {
    const together = await trained(document);
    const values = together.experiment.runs.map((run) => run.init.alpha);
    const backwards = await trained({
      ...document,
      sweep: [{ path: "init.alpha", values: [...values].reverse() }],
    });
    expect([...backwards.rows].reverse()).toEqual(together.rows);
    for (const run of [0, 20]) {
      const alone = await trained({ ...document, sweep: [{ path: "init.alpha", values: [values[run]] }] });
      expect(alone.rows[0]).toEqual(together.rows[run]);
      expect(alone.kernels[0]).toEqual(together.kernels[run]);
    }
  });

  test("WebGPU's guaranteed minimum limits", async () => {
    const usual = await trained(document);
    const minimum = await trained(document, new Map(), { minimumLimits: true });
    expect(minimum.rows).toEqual(usual.rows);
  });
});

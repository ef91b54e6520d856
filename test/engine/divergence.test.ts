/** Runs that leave float32: what is not finite is never hidden, and how a run ends does not depend on what is recorded. */
import { describe, expect, inject, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { stabilityLimit } from "../../src/models/stability-limit.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { type Row, npyFile, trained } from "./experiment.ts";
import { certainStatusOf } from "./status-mirror.ts";

type Document = Record<string, Json>;

/** A CSV of inputs and a target, and initial weights. */
const files = (rows: number[][], w0: number[]) => {
  const names = [...rows[0].slice(1).map((_, i) => `x${i}`), "y"].join();
  return new Map([
    ["train.csv", new TextEncoder().encode([names, ...rows.map((row) => row.join()), ""].join("\n"))],
    ["w0.npy", npyFile(Float64Array.from(w0))],
  ]);
};
const fromFiles = { data: { kind: "file", train: "train.csv" }, init: { shape: { file: "w0.npy" } } };

/** In float64 steps of 5 and 10 take its weights through infinity to NaN in epoch 5, and its loss never comes below .49. */
const diverging = files(
  [
    [0.3, 0.8, 0.9],
    [0.3, -1.3, 0.4],
  ],
  [-0.5, 0.6, 0.4, 0.3, 0, 0.5],
);

const finiteQuantities = (row: Row): string[] =>
  Object.keys(row).filter((name) => name !== "epoch" && name !== "time" && Number.isFinite(row[name]));

for (const every of [1, 2, 4, 5, 7, 20])
  test(`a ReLU network of infinite weights has diverged, not converged, recorded every ${every} epochs`, async () => {
    const { status, epochs, rows } = await trained(
      {
        ...fromFiles,
        model: { kind: "relu", widths: [2] },
        train: { epochs: 20, stopLoss: 0.49 },
        record: {
          every,
          quantities: [
            "loss",
            "weight_distance",
            "function_distance",
            "ntk_drift",
            "train_accuracy",
            "active_units",
          ],
          arrays: ["weights", "ntk"],
        },
        sweep: [{ path: "train.stepSize", values: [5, 10] }],
      },
      diverging,
    );
    expect([status, epochs]).toEqual([
      ["diverged", "diverged"],
      [5, 5],
    ]);
    for (const own of rows) {
      expect(own.map(({ epoch }) => epoch)).toEqual([
        ...new Set([0, 1, 2, 3, 4].filter((e) => e % every === 0)),
        5,
      ]);
      expect(finiteQuantities(own.at(-1)!)).toEqual([]);
    }
  });

test("a logistic loss is not satisfied with outputs that are infinite, however they are recorded", async () => {
  for (const every of [1, 30]) {
    const { status, rows } = await trained(
      {
        ...fromFiles,
        model: { kind: "relu", widths: [1] },
        loss: { kind: "logistic" },
        train: { stepSize: 3e37, epochs: 30, stopLoss: 1e-3 },
        record: { every, quantities: ["loss", "train_accuracy"], arrays: [] },
      },
      files(
        [
          [1, 1],
          [2, 1],
        ],
        [1, 1],
      ),
    );
    expect(status).toEqual(["diverged"]);
    expect(Number.isFinite(rows[0].at(-1)!.loss)).toBe(false);
  }
});

test("weights of steps so large that nothing is conserved are what is stored, not NaN", async () => {
  const { weights, status } = await trained({
    data: { kind: "linear-uniform", samples: 5, dimension: 3, seed: 199 },
    model: { kind: "diagonal", depth: 3 },
    loss: { kind: "squared", l2: 0.01 },
    init: { alpha: 0.1 },
    train: { stepSize: 284, epochs: 12, stopLoss: 1, stopRule: "keras" },
    record: { every: 1, quantities: ["weight_distance"], arrays: ["weights"] },
  });
  expect(status).toEqual(["converged"]);
  expect(weights[0].every(Number.isFinite)).toBe(true);
});

describe("what float32 holds of ReLU networks", () => {
  const one = files([[1, 1]], [1, 1, 1, 1, 1, 1]);
  test("six layers of one weight 1e-4: kernels of 6e-40 drift, turn and have eigenvalues as in float64", async () => {
    const { rows } = await trained(
      {
        ...fromFiles,
        model: { kind: "relu", widths: [1, 1, 1, 1, 1] },
        init: { alpha: 1e-4, shape: { file: "w0.npy" } },
        train: { stepSize: 1e12, epochs: 20 },
        record: {
          every: 5,
          quantities: [
            "weight_distance",
            "function_distance",
            "ntk_drift",
            "ntk_alignment",
            "ntk_eigenvalue_1",
          ],
          arrays: [],
        },
      },
      one,
    );
    const expected = [
      [0, 0, 0, 1, 6e-40],
      [2.4544e-7, 2.7107e-29, 0.010065, 1, 6.0604e-40],
      [4.92114e-7, 1.1499e-28, 0.020273, 1, 6.1216e-40],
      [7.40033e-7, 2.6451e-28, 0.030626, 1, 6.1838e-40],
      [9.89209e-7, 4.7654e-28, 0.041126, 1, 6.2468e-40],
    ];
    expected.forEach(([distance, apart, drift, alignment, eigenvalue], record) => {
      const row = rows[0][record];
      expect(Math.abs(row.weight_distance - distance)).toBeLessThanOrEqual(1e-3 * distance);
      expect(Math.abs(row.function_distance - apart)).toBeLessThanOrEqual(1e-3 * 4.7654e-28);
      expect(Math.abs(row.ntk_drift - drift)).toBeLessThanOrEqual(1e-3 * drift);
      expect(row.ntk_alignment).toBeCloseTo(alignment, 6);
      expect(Math.abs(row.ntk_eigenvalue_1 - eigenvalue)).toBeLessThanOrEqual(1e-3 * eigenvalue);
    });
  });

  test("four layers of one weight 1e6: a loss of 1e48 falls as in float64", async () => {
    const { rows, status } = await trained(
      {
        ...fromFiles,
        model: { kind: "relu", widths: [1, 1, 1] },
        init: { alpha: 1e6, shape: { file: "w0.npy" } },
        train: { stepSize: 1e-38, epochs: 20 },
        record: { every: 5, quantities: ["loss", "weight_distance", "ntk_drift"], arrays: [] },
      },
      files([[1, 1]], [1, 1, 1, 1]),
    );
    expect(status).toEqual(["finished"]);
    const [first, second, , , last] = rows[0];
    expect(first.loss / 1e48).toBeCloseTo(1, 4);
    expect(second.loss / 5.1886e47).toBeCloseTo(1, 4);
    expect(last.loss / 1.8891e47).toBeCloseTo(1, 4);
    expect(last.weight_distance / 3.7609e5).toBeCloseTo(1, 4);
    expect(last.ntk_drift).toBeCloseTo(0.71345, 5);
  });
});

describe("a run that stops where it is recorded", () => {
  const descents = [
    { stepSize: 0.05, epochs: 100, stopLoss: 0.9 },
    { stepSize: 0.05, epochs: 100, stopLoss: 0.9, stopRule: "keras" },
    { stepSize: 0.02, epochs: 100, stopLoss: 0.9, batchSize: 2 },
    { stepSize: 0.02, epochs: 100, stopLoss: 0.9, batchSize: 2, stopRule: "keras" },
    { stepSize: 3, epochs: 100, batchSize: 2 },
  ];
  for (const model of [
    { kind: "diagonal", depth: 2 },
    { kind: "relu", widths: [4] },
  ])
    for (const train of [...descents, { method: "gradient-flow", stopLoss: 0.9, maxSteps: 400 }])
      test(`${model.kind}, ${JSON.stringify(train)}: has one record of each epoch`, async () => {
        const { rows, epochs, status, kernels } = await trained({
          data: {
            kind: model.kind === "relu" ? "sparse-signs" : "linear-uniform",
            samples: 3,
            dimension: 3,
            seed: 2,
          },
          model,
          init: { shape: model.kind === "relu" ? "he" : "ones" },
          train,
          record: { every: 1, quantities: ["loss"], arrays: ["ntk"] },
          sweep: [{ path: "init.alpha", values: [0.7, 0.8, 0.9, 1] }],
        });
        expect(new Set(status)).not.toContain("finished");
        rows.forEach((own, run) => {
          expect(own.map(({ epoch }) => epoch)).toEqual(
            Array.from({ length: epochs[run] + 1 }, (_, epoch) => epoch),
          );
          expect(kernels[run].length).toBe(own.length);
        });
      });
});

/** Numbers in [0, 1) from a seed: what is drawn must be the same on every machine. */
function* drawn(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/**
 * A document that diverges on purpose, or may: steps are 1 to 1e6 times the stability limit. Few samples are cut alike, and
 * share kernels; four would take others, which take long to compile.
 */
function divergent(seed: number): Document {
  const numbers = drawn(Math.imul(seed, 2654435761));
  for (let k = 0; k < 3; k++) numbers.next();
  const next = () => numbers.next().value;
  const among = <T>(...values: T[]): T => values[Math.floor(next() * values.length)];
  const model = among("diagonal", "relu", "relu", "linear", "matrix");
  const network = model === "relu" || model === "linear";
  const kind = network && next() < 0.4 ? "logistic" : "squared";
  const unbiased = next() < 0.3;
  const samples = among(2, 3);
  const document = {
    data:
      model === "matrix"
        ? { kind: "matrix-completion", rows: 2, columns: 3, rank: 1, observed: 3, seed }
        : kind === "logistic"
          ? { kind: "sparse-signs", samples, dimension: 4, seed }
          : { kind: "linear-uniform", samples, dimension: 3, seed },
    model: {
      relu: { kind: "relu", widths: among([3], [2, 3], [2, 2, 2]), unbiased },
      linear: { kind: "linear", widths: among([], [3], [2, 3]), unbiased },
      matrix: { kind: "matrix", factors: among(2, 3), unbiased },
      diagonal: { kind: "diagonal", depth: among(1, 2, 3, 4) },
    }[model],
    loss: { kind, reduction: among("mean", "sum"), l2: among(0, 0, 0.01) },
    init: {
      alpha: among(0.1, 0.5, 1, 3),
      shape: { relu: "he", linear: "he", diagonal: "ones", matrix: { std: 0.5 } }[model],
      scaling: among("weights", "weights", "output"),
      seed,
    },
    train: {
      epochs: 12,
      batchSize: among<Json>("full", "full", 2),
      stopLoss: among(null, 0.05, 0.3, 0.7, 1),
      stopRule: among("full", "keras"),
      seed,
    },
  };
  const [run] = readExperiment(
    { name: "x", ...document, train: { ...document.train, stepSize: 1 } },
    "x",
  ).runs;
  return {
    ...document,
    sweep: [{ path: "train.stepSize", values: [0, 1, 2].map(() => 10 ** (6 * next())) }],
    run,
  } as unknown as Document;
}

const quantities = ["loss", "weight_distance", "function_distance", "linear_loss", "ntk_drift", "weight_l2"];

test("how a run ends is what float64 says, whatever is recorded, and nothing finite stands beside infinite weights", async () => {
  const { cases, seed } = inject("fuzz");
  let [certain, diverged] = [0, 0];
  for (let k = 0; k < Math.ceil(cases * 0.001); k++) {
    const own = seed + k;
    const { run, ...document } = divergent(own) as Document & { run: never };
    const [one] = await loadRuns([run], new Map());
    const limit = stabilityLimit(one, (await behaviourOf(one.run.model)).largestEigenvalue(one, one.dataset));
    const factors = (document.sweep as unknown as [{ values: number[] }])[0].values;
    const sweep = [
      { path: "train.stepSize", values: factors.map((factor) => Math.min(1e30, factor * limit)) },
    ];
    const found = [];
    for (const every of [1, 5, 12])
      found.push(
        await trained({
          ...document,
          sweep,
          record: {
            every,
            quantities: every === 5 ? quantities : quantities.slice(0, 2),
            arrays: ["weights"],
          },
        }),
      );
    const [first, ...others] = found;
    for (const other of others)
      expect([other.status, other.epochs], `seed ${own}`).toEqual([first.status, first.epochs]);
    const members = await loadRuns(first.experiment.runs, new Map());
    for (const [run, member] of members.entries()) {
      const status = certainStatusOf(member);
      if (status) expect(first.status[run], `seed ${own}, run ${run}`).toBe(status);
      certain += Number(status !== undefined);
      diverged += Number(status === "diverged");
      for (const { rows, weights } of found) {
        const epochs = rows[run].map(({ epoch }) => epoch);
        expect(new Set(epochs).size, `seed ${own}, run ${run}`).toBe(epochs.length);
        if (weights[run].every(Number.isFinite)) continue;
        expect(finiteQuantities(rows[run].at(-1)!), `seed ${own}, run ${run}`).toEqual([]);
      }
    }
  }
  console.log(`${certain} runs, ${diverged} of them divergent, from seed ${seed}`);
  expect(diverged).toBeGreaterThan(certain / 4);
});

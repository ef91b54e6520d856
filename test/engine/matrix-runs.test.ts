/** How matrix models' work is cut, and how their runs end. */
import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { npyFile, trained } from "./experiment.ts";

const completion = { kind: "matrix-completion", rows: 6, columns: 5, rank: 1, observed: 18, seed: 3 };
const quantities = ["loss", "weight_distance", "linear_distance", "ntk_drift", "test_loss", "flow_error"];

const documentOf = (own: Record<string, Json> = {}) => ({
  data: completion,
  model: { kind: "matrix", factors: 3, unbiased: true },
  init: { shape: "identity", alpha: 0.7 },
  train: { stepSize: 0.1, epochs: 60, stopLoss: 1e-3 },
  record: { every: 7, quantities, arrays: ["weights", "predictor"] },
  sweep: [
    { path: "data.seed", values: [3, 4] },
    { path: "train.stepSize", values: [0.02, 0.5, 2, 1000] },
  ],
  ...own,
});

const wide = (columns: number) => ({
  data: { ...completion, rows: 48, columns, observed: 900 },
  train: { stepSize: 0.1, epochs: 5, stopLoss: 1e-3 },
  record: { every: 2, quantities, arrays: ["weights"] },
  sweep: [{ path: "train.stepSize", values: [20, 1e6] }],
});

const alone = { every: 7, quantities: ["loss", "test_loss"], arrays: ["weights", "predictor"] };
const steps = [{ path: "train.stepSize", values: [0.02, 0.5, 1000] }];

for (const [title, own] of Object.entries<Record<string, Json>>({
  "three factors of two copies": {},
  "two factors alone": {
    model: { kind: "matrix", factors: 2, width: 9 },
    init: { shape: { std: 0.4 } },
    train: { epochs: 60 },
    record: alone,
    sweep: [{ path: "data.seed", values: [3, 4] }, ...steps],
  },
  "three factors alone": {
    data: { ...completion, rows: 4, columns: 6 },
    model: { kind: "matrix", factors: 3, widths: [7, 3] },
    init: { shape: { std: 0.4 } },
    train: { epochs: 60 },
    record: alone,
    sweep: [{ path: "data.seed", values: [3, 4] }, ...steps],
  },
  "U U^T": {
    data: { ...completion, columns: 6, symmetric: true },
    model: { kind: "matrix", symmetric: true },
    record: { every: 7, quantities: quantities.slice(0, 5), arrays: ["weights"] },
  },
  "dense measurements": {
    data: { kind: "matrix-sensing", rows: 6, columns: 5, rank: 1, measurements: 13 },
    model: { kind: "matrix", factors: 2 },
    train: { stepSize: 0.1, epochs: 60, stopLoss: 0.3 },
  },
  "wide factors": wide(47),
  "wide factors in fours": wide(48),
}))
  test(`${title}: many steps a dispatch, or one by one, change no bit, and end runs alike`, async () => {
    const [one, other] = [
      await trained(documentOf(own), new Map(), { fused: true }),
      await trained(documentOf(own), new Map(), { fused: false }),
    ];
    expect(one.rows).toEqual(other.rows);
    expect(one.status).toEqual(other.status);
    expect(one.epochs).toEqual(other.epochs);
    one.status.forEach((status, run) => {
      // Zeros times what is infinite differ.
      if (status === "diverged") return;
      expect(one.weights[run]).toEqual(other.weights[run]);
      expect(one.predictors[run]).toEqual(other.predictors[run]);
    });
    expect(new Set(one.status)).toContain("diverged");
    if (!title.startsWith("wide factors") && !title.endsWith("alone"))
      expect(new Set(one.status)).toContain("converged");
  });

test("a run of wide factors ends in the step in which one of them overflows", async () => {
  const [rows, columns, width] = [48, 47, 9];
  // The step of the second is as large as the first, which overflows in the next one only.
  const weights = Float64Array.from({ length: width * (rows + columns) }, (_, i) =>
    i < width * columns ? 1e15 : 1e-12,
  );
  const { status, epochs } = await trained(
    {
      data: { ...completion, rows, columns, observed: 900 },
      model: { kind: "matrix", factors: 2, width },
      init: { shape: { file: "w0.npy" } },
      train: { stepSize: 1e37, epochs: 5 },
      record: { every: 5, quantities: ["loss"] },
    },
    new Map([["w0.npy", npyFile(weights)]]),
  );
  expect(status).toEqual(["diverged"]);
  expect(epochs).toEqual([1]);
});

test("a gradient flow conserves what it conserves, and follows descent of small steps", async () => {
  for (const model of [
    { factors: 2 },
    { factors: 3 },
    { factors: 2, unbiased: true },
    { factors: 3, unbiased: true },
    { symmetric: true, unbiased: true },
  ]) {
    const own = {
      data: { ...completion, columns: 6, symmetric: true },
      model: { kind: "matrix", ...model },
      init: { shape: { std: 0.4 } },
      sweep: [],
    };
    const flow = await trained(
      documentOf({
        ...own,
        train: { method: "gradient-flow", time: 8 },
        record: { every: 1000, quantities: quantities, arrays: [] },
      }),
    );
    const descent = await trained(
      documentOf({
        ...own,
        train: { stepSize: 0.008, epochs: 1000 },
        record: { every: 1000, quantities: quantities, arrays: [] },
      }),
    );
    const [exact, near] = [flow.rows[0].at(-1)!, descent.rows[0].at(-1)!];
    expect(exact.time).toBeCloseTo(8, 5);
    expect(exact.flow_error, JSON.stringify(model)).toBeLessThan(1e-5);
    expect(near.flow_error).toBeGreaterThan(exact.flow_error);
    for (const name of ["loss", "weight_distance", "linear_distance", "ntk_drift"])
      expect(near[name] / exact[name] - 1, `${name} of ${JSON.stringify(model)}`).toBeCloseTo(0, 1);
  }
});

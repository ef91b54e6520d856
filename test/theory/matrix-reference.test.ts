import { expect, test } from "vitest";
import { SingularValueDecomposition, Matrix } from "ml-matrix";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json, MatrixModel, Run } from "../../src/document/types.ts";
import { drawn } from "../../src/models/matrix/initial.ts";
import { factorsOf } from "../../src/models/matrix/shape.ts";
import { trainDiagonal } from "../../src/models/diagonal.reference.ts";
import { matrixBehaviour } from "../../src/models/matrix/behaviour.ts";
import { type MatrixState, trainMatrix } from "../../src/models/matrix/matrix.reference.ts";
import { matrixStart, startPredictor } from "../../src/models/matrix/start.ts";
import { matrixRun, normal, tenByTen } from "./matrices.ts";
import { descend } from "./matrix-gradients.ts";
import { quantitiesOf } from "./matrix-quantities.ts";

const P10 = tenByTen();

test("mulberry32 and the matrix are those of the known numbers", () => {
  const nuclear = new SingularValueDecomposition(Matrix.from1DArray(10, 10, [...P10.betaStar!])).norm2;
  expect(nuclear).toBeCloseTo(10.44118, 5);
});

/** Alpha, step size, then the distances of weights and to the linearization, the kernel's drift, the nuclear norm. */
const known = [
  [2, 0.01, 1, 4.556372, 9.121897, 10544.09, 10.44562],
  [2, 1, 1, 3.11761, 1.847934, 0.7388639, 14.38569],
  [2, 100, 5e-4, 0.0426869, 1.91113e-6, 1.336759e-8, 16.04501],
  [3, 1, 0.2, 2.248279, 1.813108, 1.285085, 13.76616],
  [3, 10, 2e-4, 0.03485366, 2.869284e-5, 2.391976e-6, 16.045],
] as const;

for (const [factors, alpha, stepSize, distance, linear, drift, nuclear] of known)
  test(`${factors} factors, alpha ${alpha}: as known`, () => {
    const run = matrixRun({
      model: { kind: "matrix", factors, unbiased: true },
      init: { alpha, shape: "identity" },
      train: { stepSize, epochs: 2000 },
    });
    const w0 = matrixBehaviour.initial(run, P10, new Map());
    let last: MatrixState | undefined;
    trainMatrix(run, P10, w0, (state) => (last = state));
    const found = quantitiesOf(last!, matrixStart({ run, dataset: P10, w0 }), P10);
    expect(found.weight_distance / distance).toBeCloseTo(1, 6);
    expect(found.linear_distance / linear).toBeCloseTo(1, 5);
    expect(found.ntk_drift / drift).toBeCloseTo(1, 5);
    expect(found.predictor_nuclear / nuclear).toBeCloseTo(1, 6);
  });

const small = { kind: "matrix-completion", rows: 5, columns: 4, rank: 1, observed: 12, seed: 3 };
const square = { ...small, columns: 5, symmetric: true };
const sensing = { kind: "matrix-sensing", rows: 5, columns: 4, rank: 1, measurements: 9, seed: 3 };

for (const [title, document] of Object.entries<Record<string, Json>>({
  "one factor": { model: { kind: "matrix", factors: 1 } },
  "three factors": { model: { kind: "matrix", factors: 3, widths: [3, 6] } },
  "three factors of two copies": { model: { kind: "matrix", factors: 3, widths: [3, 6], unbiased: true } },
  "four factors of two copies": { model: { kind: "matrix", factors: 4, width: 4, unbiased: true } },
  "U U^T": { data: square, model: { kind: "matrix", symmetric: true, width: 3 } },
  "U U^T of two copies": {
    data: square,
    model: { kind: "matrix", symmetric: true, width: 3, unbiased: true },
  },
  "dense measurements": { data: sensing },
  "dense measurements, symmetric": {
    train: { stepSize: 0.005, epochs: 8 },
    data: { ...sensing, columns: 5, measurement: "gaussian" },
    model: { kind: "matrix", symmetric: true, unbiased: true },
  },
  minibatches: { train: { stepSize: 0.05, epochs: 8, batchSize: 5, seed: 2 } },
  "a penalty": { loss: { l2: 0.3 } },
  "a penalty, two copies": { loss: { l2: 0.3 }, model: { kind: "matrix", factors: 3, unbiased: true } },
  "a penalty, U U^T of two copies": {
    data: square,
    loss: { l2: 0.3 },
    model: { kind: "matrix", symmetric: true, unbiased: true },
  },
  "a penalty, U U^T": { data: square, loss: { l2: 0.3 }, model: { kind: "matrix", symmetric: true } },
  "a sum": { loss: { reduction: "sum" }, train: { stepSize: 0.005, epochs: 8 } },
  "output scaling": { init: { shape: { std: 0.7 }, alpha: 3, scaling: "output" } },
  "output scaling, two copies": {
    init: { shape: { std: 0.7 }, alpha: 3, scaling: "output" },
    model: { kind: "matrix", factors: 3, unbiased: true },
  },
  "less its start": { init: { shape: { std: 0.7 }, subtract: true } },
}))
  test(`${title}: as gradients of the factors themselves`, () => {
    const run = matrixRun({
      data: small,
      model: { kind: "matrix", factors: 2 },
      init: { shape: { std: 0.7 } },
      train: { stepSize: 0.05, epochs: 8 },
      ...document,
    });
    const dataset = loadDataset(run.data, new Map());
    const w0 = matrixBehaviour.initial(run, dataset, new Map());
    const expected = descend(run, dataset, w0);
    let last: MatrixState | undefined;
    trainMatrix(run, dataset, w0, (state) => (last = state));
    const start = matrixStart({ run, dataset, w0 });
    const found = quantitiesOf(last!, start, dataset);
    const distance = (from: (c: number, l: number) => Matrix) =>
      Math.hypot(
        ...expected.copies.flatMap((factors, c) =>
          factors.map((factor, l) => Matrix.sub(factor, from(c, l)).norm("frobenius")),
        ),
      );
    expect(found.weight_distance / distance((_, l) => expected.start[l])).toBeCloseTo(1, 10);
    const linear = distance((c, l) => expected.linear[c][l]);
    if (linear === 0) expect(found.linear_distance).toBe(0);
    else expect(found.linear_distance / linear).toBeCloseTo(1, 9);
    const before = startPredictor({ run, dataset, w0 });
    last!.change.forEach((change, cell) =>
      expect(change + (before?.[cell] ?? 0)).toBeCloseTo(expected.W.to1DArray()[cell], 10),
    );
  });

/** Of Gaussian factors, steps of .4 of the limit: the distance to the linearization over that of the weights, and the kernel's drift. */
for (const [factors, epochs, linear, drift] of [
  [2, 1000, 0.301, 0.427],
  [3, 2500, 0.404, 0.33],
] as const)
  test(`${factors} factors that start Gaussian, one copy: no alpha is large enough for the kernel regime`, () => {
    for (const alpha of [30, 1000]) {
      const matrix = (train: { stepSize: number; epochs: number }) =>
        matrixRun({ model: { kind: "matrix", factors }, init: { alpha, shape: { std: 1 } }, train });
      const w0 = Float64Array.from([10, 11, 12].slice(0, factors).flatMap((seed) => [...normal(seed, 100)]));
      const member = (run: Run) => ({ run, dataset: P10, w0 });
      const eigenvalue = matrixBehaviour.largestEigenvalue(member(matrix({ stepSize: 1, epochs: 1 })), P10);
      const run = matrix({ stepSize: (0.4 * P10.samples) / eigenvalue, epochs });
      let last: MatrixState | undefined;
      trainMatrix(run, P10, w0, (state) => (last = state));
      const found = quantitiesOf(last!, matrixStart(member(run)), P10);
      expect(found.linear_distance / found.weight_distance).toBeCloseTo(linear, 3);
      expect(found.ntk_drift).toBeCloseTo(drift, 3);
    }
  });

test("past the stability limit a run catapults: its linearization diverges, its loss bursts and vanishes", () => {
  const alpha = 10;
  const run = matrixRun({
    model: { kind: "matrix", factors: 2, unbiased: true },
    init: { alpha, shape: "identity" },
    train: { stepSize: 1.5 * (60 / (4 * alpha ** 2)), epochs: 200 },
  });
  const w0 = matrixBehaviour.initial(run, P10, new Map());
  const losses: number[] = [];
  const linear: number[] = [];
  trainMatrix(run, P10, w0, ({ residual, gap }) => {
    losses.push(Math.hypot(...residual));
    linear.push(Math.hypot(...residual.map((r, i) => r - gap[i])));
  });
  expect(Math.max(...losses) / losses[0]).toBeGreaterThan(10);
  expect(losses.at(-1)! / losses[0]).toBeLessThan(1e-6);
  expect(linear.at(-1)! / linear[0]).toBeGreaterThan(1e10);
});

test("weights stored plainly in float32 lose the distance to the linearization", () => {
  const [alpha, stepSize, epochs] = [100, 5e-4, 300];
  const run = matrixRun({
    model: { kind: "matrix", factors: 2, unbiased: true },
    init: { alpha, shape: "identity" },
    train: { stepSize, epochs },
  });
  const w0 = matrixBehaviour.initial(run, P10, new Map());
  let last: MatrixState | undefined;
  trainMatrix(run, P10, w0, (state) => (last = state));
  const exact = quantitiesOf(last!, matrixStart({ run, dataset: P10, w0 }), P10).linear_distance;
  // Two copies of U and V^T and of the linearized ones, as they are.
  const single = (matrix: Matrix) => Matrix.from1DArray(10, 10, [...Float32Array.from(matrix.to1DArray())]);
  const copies = () => [1, -1].map(() => [Matrix.eye(10, 10, alpha), Matrix.eye(10, 10, alpha)]);
  const [own, linear] = [copies(), copies()];
  const gradient = (W: Matrix) => {
    const G = Matrix.zeros(10, 10);
    P10.matrix!.cells!.forEach((cell, i) => {
      const [a, b] = [Math.floor(cell / 10), cell % 10];
      G.set(a, b, Math.fround((2 / 60) * Math.fround(W.get(a, b) - P10.y[i])));
    });
    return G;
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const G = gradient(Matrix.sub(single(own[0][1].mmul(own[0][0])), single(own[1][1].mmul(own[1][0]))));
    const bar = gradient(
      linear
        .map(([v, u], c) => Matrix.add(u, v).mul(c === 0 ? alpha : -alpha))
        .reduce((sum, part) => sum.add(part)),
    );
    [own, linear].forEach((all, kind) =>
      all.forEach((factors, c) => {
        const [v, u] = factors;
        const sign = (c === 0 ? 1 : -1) * stepSize;
        const [left, right] =
          kind === 0
            ? [u.transpose().mmul(G), G.mmul(v.transpose())]
            : [Matrix.mul(bar, alpha), Matrix.mul(bar, alpha)];
        factors[0] = single(Matrix.sub(v, left.mul(sign)));
        factors[1] = single(Matrix.sub(u, right.mul(sign)));
      }),
    );
  }
  const plain = Math.hypot(
    ...own.flatMap((factors, c) =>
      factors.map((factor, l) => Matrix.sub(factor, linear[c][l]).norm("frobenius")),
    ),
  );
  expect(Math.abs(plain / exact - 1)).toBeGreaterThan(1e-3);
});

for (const [title, model] of Object.entries<Record<string, Json>>({
  "U V^T": {},
  "U V^T of two copies": { unbiased: true },
  "U U^T": { symmetric: true },
  "U U^T of two copies": { symmetric: true, unbiased: true },
}))
  for (const shape of ["identity", "orthogonal", { std: 0.2 }])
    test(`${title} of width 30 from ${JSON.stringify(shape)} is trained as one of the least width`, () => {
      const run = matrixRun({
        data: square,
        model: { kind: "matrix", width: 30, ...model },
        init: { shape },
        loss: { l2: 0.1 },
        train: { stepSize: 0.02, epochs: 10 },
      });
      const dataset = loadDataset(run.data, new Map());
      const shapes = factorsOf(run.model as MatrixModel, dataset, "written");
      const expected = descend(run, dataset, drawn(run, shapes, new Map()), shapes);
      const w0 = matrixBehaviour.initial(run, dataset, new Map());
      expect(w0.length).toBe(model.symmetric ? 25 : 100);
      let last: MatrixState | undefined;
      trainMatrix(run, dataset, w0, (state) => (last = state));
      const found = quantitiesOf(last!, matrixStart({ run, dataset, w0 }), dataset);
      const distance = (from: (c: number, l: number) => Matrix) =>
        Math.hypot(
          ...expected.copies.flatMap((factors, c) =>
            factors.map((factor, l) => Matrix.sub(factor, from(c, l)).norm("frobenius")),
          ),
        );
      expect(found.weight_distance / distance((_, l) => expected.start[l])).toBeCloseTo(1, 8);
      expect(found.linear_distance / distance((c, l) => expected.linear[c][l])).toBeCloseTo(1, 7);
      const before = startPredictor({ run, dataset, w0 });
      last!.change.forEach((change, cell) =>
        expect(change + (before?.[cell] ?? 0)).toBeCloseTo(expected.W.to1DArray()[cell], 9),
      );
    });

test("a large width takes as much as the least, and its weights are not told", () => {
  const run = matrixRun({
    data: small,
    model: { kind: "matrix", width: 100_000 },
    init: { shape: { std: 1e-3 } },
    train: { stepSize: 0.05, epochs: 8 },
  });
  const dataset = loadDataset(run.data, new Map());
  expect(matrixBehaviour.initial(run, dataset, new Map())).toHaveLength(81);
  const asked = { ...run, record: { ...run.record, arrays: ["weights" as const] } };
  expect(() => matrixBehaviour.initial(asked, dataset, new Map())).toThrow(
    'record.arrays[0] is "weights"; two factors of width 100000 are trained as ones of width 9',
  );
});

test("more weights than fit anywhere are refused before they are drawn", () => {
  const run = matrixRun({
    data: small,
    model: { kind: "matrix", factors: 12, width: 100_000 },
    init: { shape: { std: 1e-3 } },
    train: { stepSize: 0.05, epochs: 8 },
  });
  const dataset = loadDataset(run.data, new Map());
  expect(() => matrixBehaviour.initial(run, dataset, new Map())).toThrow(
    /^model.factors is 12; of a 5 x 4 matrix that makes \d+ weights, and at most 2\^26 are allowed$/,
  );
});

test("U V^T of two copies is one of twice the width, from sqrt 2 [U, 0] and sqrt 2 [0, V]", () => {
  const document = { data: small, train: { stepSize: 0.05, epochs: 20 } };
  const pair = matrixRun({
    ...document,
    model: { kind: "matrix", width: 4, unbiased: true },
    init: { shape: { std: 0.5 } },
  });
  const one = matrixRun({
    ...document,
    model: { kind: "matrix", width: 8 },
    init: { shape: { file: "w0.npy" } },
  });
  const dataset = loadDataset(pair.data, new Map());
  const w0 = matrixBehaviour.initial(pair, dataset, new Map());
  // W_1 [8, 4] is [0; V^T], W_2 [5, 8] is [U, 0].
  const twice = new Float64Array(32 + 40);
  for (let i = 0; i < 16; i++) twice[16 + i] = Math.SQRT2 * w0[i];
  for (let i = 0; i < 20; i++) twice[32 + 8 * Math.floor(i / 4) + (i % 4)] = Math.SQRT2 * w0[16 + i];
  const ends = [
    [pair, w0],
    [one, twice],
  ].map(([run, start]) => {
    let last: MatrixState | undefined;
    trainMatrix(run as Run, dataset, start as Float64Array, (state) => (last = state));
    const member = { run: run as Run, dataset, w0: start as Float64Array };
    return { ...quantitiesOf(last!, matrixStart(member), dataset), W: last!.change };
  });
  for (const name of ["loss", "linear_loss", "weight_distance", "linear_distance", "ntk_drift"] as const)
    expect(ends[1][name] / ends[0][name], name).toBeCloseTo(1, 9);
  ends[0].W.forEach((entry, cell) => expect(ends[1].W[cell]).toBeCloseTo(entry, 10));
});

for (const factors of [2, 3])
  test(`diagonal measurements, ${factors} factors of two identities: the diagonal network's iterates, at a step of its depth's part`, () => {
    const [n, epochs, stepSize] = [6, 40, 0.01];
    const run = matrixRun({
      data: {
        kind: "matrix-sensing",
        rows: n,
        columns: n,
        rank: 2,
        measurements: 4,
        measurement: "diagonal",
      },
      model: { kind: "matrix", factors, unbiased: true },
      init: { shape: "identity", alpha: 0.8 },
      train: { stepSize: factors * stepSize, epochs },
    });
    const dataset = loadDataset(run.data, new Map());
    const w0 = matrixBehaviour.initial(run, dataset, new Map());
    const found: MatrixState[] = [];
    trainMatrix(run, dataset, w0, (state) =>
      found.push({
        ...state,
        change: state.change.slice(),
        residual: state.residual.slice(),
        gap: state.gap.slice(),
      }),
    );
    // The same data as vectors: the diagonals.
    const X = Float64Array.from(
      { length: 4 * n },
      (_, k) => dataset.X[Math.floor(k / n) * n * n + (k % n) * (n + 1)],
    );
    const vectors = { ...dataset, inputs: n, X };
    const network: Run = {
      ...run,
      model: { kind: "diagonal", depth: factors },
      train: { ...run.train, stepSize } as Run["train"],
    };
    let update = 0;
    trainDiagonal(network, vectors, new Float64Array(2 * n).fill(1), ({ beta, residual, gap }) => {
      const own = found[update++];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) expect(own.change[i * n + j]).toBeCloseTo(i === j ? beta[i] : 0, 12);
      residual.forEach((r, i) => expect(own.residual[i]).toBeCloseTo(r, 11));
      gap.forEach((h, i) => expect(own.gap[i]).toBeCloseTo(h, 11));
    });
    expect(update).toBe(epochs + 1);
  });

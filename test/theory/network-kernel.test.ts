import { describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { networkBehaviour } from "../../src/models/network-behaviour.ts";
import { reluJacobian, reluOf } from "../../src/models/relu.reference.ts";
import { infiniteWidthBaseline, initialKernelBaseline } from "../../src/models/relu-baselines.ts";
import { networkKernel } from "../../src/theory/index.ts";

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);

/** The one run of a document, its data and its weights before alpha. */
function runOf(changes: Record<string, Json>) {
  const { runs } = readExperiment(
    {
      data: { kind: "sparse-signs", samples: 23, dimension: 7, seed: 3, testSamples: 31 },
      model: { kind: "relu", widths: [9] },
      init: { shape: "he" },
      train: { stepSize: 0.1, epochs: 1 },
      ...changes,
    },
    "test.json",
  );
  const run = runs[0];
  const dataset = loadDataset(run.data, new Map());
  return { run, dataset, w0: networkBehaviour.initial(run, dataset, new Map()) };
}

describe("the tangent kernel of one network", () => {
  for (const widths of [[9], [7, 5], [6, 5, 4]])
    test(`widths ${widths.join(", ")}: the product of explicit Jacobians, of test inputs too`, () => {
      const { run, dataset, w0 } = runOf({ model: { kind: "relu", widths } });
      const { X, testX, inputs, samples, testSamples } = dataset;
      const [J, testJ] = [X, testX].map((all) => reluJacobian(run, w0, all, { inputs, outputs: 1 }));
      const K = networkKernel({ widths, weights: w0 }, inputs, X);
      const cross = networkKernel({ widths, weights: w0 }, inputs, testX, X);
      const bound = 1e-13 * Math.max(...K);
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++)
          expect(Math.abs(K[i * samples + j] - dot(J[i], J[j]))).toBeLessThan(bound);
        for (let i = 0; i < testSamples; i++)
          expect(Math.abs(cross[i * samples + j] - dot(testJ[i], J[j]))).toBeLessThan(bound);
      }
    });

  test("refuses weights that are not the network's, and rows that are not inputs", () => {
    expect(() =>
      networkKernel({ widths: [2], weights: new Float64Array(7) }, 3, new Float64Array(6)),
    ).toThrow("7 weights; 3 inputs and widths 2 take 8");
    expect(() =>
      networkKernel({ widths: [2], weights: new Float64Array(8) }, 3, new Float64Array(7)),
    ).toThrow("not a whole number of rows");
  });
});

describe("kernel predictors of a run", () => {
  const cases: [string, Record<string, Json>][] = [
    ["a network that begins at outputs of its own", {}],
    ["less its start", { init: { shape: "he", subtract: true } }],
    ["an unbiased pair", { model: { kind: "relu", widths: [12, 9], unbiased: true } }],
    ["output scaling", { init: { shape: { std: [0.4, 0.6] }, scaling: "output", alpha: 3 } }],
    ["weights times alpha", { init: { shape: "he", alpha: 0.5 } }],
  ];
  for (const [name, changes] of cases)
    test(`the start's kernel, ${name}: where the linearized network ends`, () => {
      const { run, dataset, w0 } = runOf(changes);
      const { outputs, residual, accuracy } = initialKernelBaseline(run, dataset, w0);
      expect(residual).toBeLessThan(1e-6);
      const { X, y, testX, testY, inputs, samples } = dataset;
      // Least norm: wbar - w(0) = J^T c with J J^T c = y - f0, by conjugate gradients on an explicit Jacobian.
      const model = reluOf(run, { inputs, outputs: 1 });
      const scale = run.init.scaling === "output" ? 1 : run.init.alpha;
      const start = new Float64Array(model.copies * model.size);
      for (let copy = 0; copy < model.copies; copy++)
        start.set(
          w0.map((value) => scale * value),
          copy * model.size,
        );
      const f0 = (x: Float64Array) => (run.init.subtract ? 0 : model.outputs(start, x)[0]);
      const J = reluJacobian(run, start, X, { inputs, outputs: 1 });
      let r = y.map((target, j) => target - f0(X.subarray(j * inputs, (j + 1) * inputs)));
      let p = r;
      const c = new Float64Array(samples);
      for (let round = 0; round < 20 * samples && dot(r, r) > 1e-26; round++) {
        const back = new Float64Array(start.length);
        J.forEach((row, j) => row.forEach((value, w) => (back[w] += value * p[j])));
        const Kp = Float64Array.from(J, (row) => dot(row, back));
        const step = dot(r, r) / dot(p, Kp);
        p.forEach((value, j) => (c[j] += step * value));
        const next = r.map((value, j) => value - step * Kp[j]);
        const share = dot(next, next) / dot(r, r);
        p = next.map((value, j) => value + share * p[j]);
        r = next;
      }
      const moved = new Float64Array(start.length);
      J.forEach((row, j) => row.forEach((value, w) => (moved[w] += value * c[j])));
      const expected = reluJacobian(run, start, testX, { inputs, outputs: 1 }).map(
        (row, j) => f0(testX.subarray(j * inputs, (j + 1) * inputs)) + dot(row, moved),
      );
      const largest = Math.max(...expected.map(Math.abs));
      expected.forEach((value, j) => expect(Math.abs(outputs[j] - value)).toBeLessThan(1e-4 * largest));
      const right = testY.filter((label, j) => label * outputs[j] > 0).length;
      expect(accuracy).toBe(right / testY.length);
    });

  test("the infinitely wide kernel's predictor does not depend on alpha, and a wide network's comes close", () => {
    const init = { shape: { std: [0.4, 0.6] } };
    const data = { kind: "sparse-signs", samples: 23, dimension: 7, seed: 3, testSamples: 200 };
    const narrow = runOf({ data, init });
    const { outputs, accuracy } = infiniteWidthBaseline(narrow.run, narrow.dataset);
    for (const own of [
      { ...init, alpha: 0.1 },
      { ...init, alpha: 7, scaling: "output" },
    ]) {
      const { run, dataset } = runOf({ data, init: own });
      const other = infiniteWidthBaseline(run, dataset);
      outputs.forEach((value, j) => expect(Math.abs(other.outputs[j] - value)).toBeLessThan(1e-9));
    }
    const wide = runOf({ data, init: { ...init, subtract: true }, model: { kind: "relu", widths: [4000] } });
    const found = initialKernelBaseline(wide.run, wide.dataset, wide.w0);
    const squares = (values: Float64Array) => dot(values, values);
    const apart = squares(
      found.outputs.map((value, j) => value - infiniteWidthBaseline(wide.run, wide.dataset).outputs[j]),
    );
    expect(Math.sqrt(apart / squares(outputs))).toBeLessThan(0.15);
    expect(Math.abs(found.accuracy - accuracy)).toBeLessThan(0.1);
  });

  test("weights from a file have no infinitely wide limit", () => {
    const { run, dataset } = runOf({});
    expect(() =>
      infiniteWidthBaseline({ ...run, init: { ...run.init, shape: { file: "w0.npy" } } }, dataset),
    ).toThrow("have no distribution");
  });
});

import * as v from "valibot";
import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape, hasTruePredictor, lacksTestSet } from "../../src/data/registry.ts";
import { sparseSigns } from "../../src/data/sparse-signs.ts";
import { fillSigns, stream } from "../../src/data/stream.ts";
import type { SparseSignsData } from "../../src/document/types.ts";
import { problem } from "./problem.ts";

const specification = (fields: Partial<SparseSignsData> = {}): SparseSignsData => ({
  kind: "sparse-signs",
  samples: 100,
  dimension: 7,
  seed: 1,
  testSamples: 0,
  ...fields,
});

const load = (fields: Partial<SparseSignsData> = {}): Dataset =>
  loadDataset(specification(fields), new Map());

/** Rows of a matrix. */
const rows = (X: Float64Array, inputs: number): number[][] =>
  Array.from({ length: X.length / inputs }, (_, i) => [...X.subarray(i * inputs, (i + 1) * inputs)]);

test("the label says which of the first two inputs is a sign and which is 0; all others are signs", () => {
  for (const dimension of [2, 3, 65]) {
    const { X, y, testX, testY, inputs } = load({ dimension, testSamples: 63 });
    expect([inputs, X.length, testX.length]).toEqual([dimension, 100 * dimension, 63 * dimension]);
    for (const [inputs, labels] of [
      [X, y],
      [testX, testY],
    ]) {
      rows(inputs, dimension).forEach((x, i) => {
        expect(Math.abs(labels[i])).toBe(1);
        expect(x.map(Math.abs)).toEqual(x.map((_, k) => (k === (labels[i] > 0 ? 1 : 0) ? 0 : 1)));
        expect(x.reduce((sum, value) => sum + value ** 2, 0)).toBe(dimension - 1);
      });
    }
  }
});

test("each of the four cases has probability 1/4, and every other input is a fair sign that no label tells", () => {
  const samples = 20_000;
  const { X, y } = load({ samples, dimension: 5 });
  const all = rows(X, 5);
  // Six standard errors of a share p: 6 sqrt(p (1 - p) / samples).
  const near = (share: number, p: number) =>
    expect(Math.abs(share - p)).toBeLessThan(6 * Math.sqrt((p * (1 - p)) / samples));
  for (const [first, second] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    near(all.filter((x) => x[0] === first && x[1] === second).length / samples, 1 / 4);
  }
  for (const k of [2, 3, 4]) {
    near(all.filter((x) => x[k] > 0).length / samples, 1 / 2);
    near(all.filter((x, i) => x[k] === y[i]).length / samples, 1 / 2);
  }
  near(all.filter((x) => x[2] === x[3]).length / samples, 1 / 2);
  near(all.filter((x) => x[2] === x[0] + x[1]).length / samples, 1 / 2);
});

test("more samples keep the earlier ones", () => {
  const few = load({ samples: 3, testSamples: 5 });
  const many = load({ samples: 65, testSamples: 9 });
  expect(many.X.subarray(0, few.X.length)).toEqual(few.X);
  expect(many.y.subarray(0, 3)).toEqual(few.y);
  expect(many.testX.subarray(0, few.testX.length)).toEqual(few.testX);
  expect(many.testY.subarray(0, 5)).toEqual(few.testY);
});

test("the test set is not the training set, nor one seed's data another's", () => {
  const { X, y, testX, testY } = load({ testSamples: 100 });
  expect(testX).not.toEqual(X);
  expect(testY).not.toEqual(y);
  // Labels are no draws of the inputs.
  const signs = new Float64Array(100);
  fillSigns(stream(1, "inputs"), signs);
  expect(y).not.toEqual(signs);
  const other = load({ seed: 2 });
  expect(other.X).not.toEqual(X);
  expect(other.y).not.toEqual(y);
});

test("there is no true linear predictor, and a test set is asked for by its size", () => {
  expect(load().betaStar).toBeUndefined();
  expect(hasTruePredictor(specification())).toBe(false);
  expect(lacksTestSet(specification())).toBe("set data.testSamples");
  expect(lacksTestSet(specification({ testSamples: 1 }))).toBeUndefined();
});

test("its shape is known before it is generated, and what is too large is refused", () => {
  expect(dataShape(specification({ testSamples: 4 }))).toEqual({
    samples: 100,
    inputs: 7,
    outputs: 1,
    testSamples: 4,
  });
  expect(problem(() => load({ samples: 2 ** 27 }))).toMatch(/^data\.samples is 134217728; with 7 /);
});

test("the schema fills in seed 1 and no test set, and needs two inputs", () => {
  const written = { kind: "sparse-signs", samples: 3, dimension: 2 };
  expect(v.parse(sparseSigns.schema, written)).toEqual({ ...written, seed: 1, testSamples: 0 });
  expect(v.is(sparseSigns.schema, { ...written, dimension: 1 })).toBe(false);
  expect(v.is(sparseSigns.schema, { ...written, samples: 0 })).toBe(false);
  expect(v.is(sparseSigns.schema, { ...written, noise: 0 })).toBe(false);
});

import * as v from "valibot";
import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape, hasTruePredictor, lacksTestSet } from "../../src/data/registry.ts";
import { fillNormal, stream } from "../../src/data/stream.ts";
import { teacher } from "../../src/data/teacher.ts";
import type { TeacherData } from "../../src/document/types.ts";
import { problem } from "./problem.ts";

const specification = (fields: Partial<TeacherData> = {}): TeacherData => ({
  kind: "teacher",
  samples: 10,
  dimension: 7,
  widths: [5],
  labels: "values",
  noise: 0,
  seed: 1,
  testSamples: 0,
  ...fields,
});

const load = (fields: Partial<TeacherData> = {}): Dataset => loadDataset(specification(fields), new Map());

/** f*, from the convention alone: the seed's teacher stream, layers in order, row-major [out, in], N(0, 2 / fan-in). */
function network(seed: number, inputs: number, widths: number[]): (x: Float64Array) => number {
  const sizes = [inputs, ...widths, 1];
  const draws = new Float64Array(sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l], 0));
  fillNormal(stream(seed, "teacher"), draws);
  return (x) => {
    let signals = [...x];
    let at = 0;
    sizes.slice(1).forEach((units, layer) => {
      signals = Array.from({ length: units }, () =>
        signals.reduce((sum, signal) => sum + signal * draws[at++] * Math.sqrt(2 / sizes[layer]), 0),
      );
      if (layer < widths.length) signals = signals.map((signal) => Math.max(0, signal));
    });
    return signals[0];
  };
}

test("targets are the network's values", () => {
  for (const widths of [[1], [5], [3, 64, 8]])
    for (const dimension of [2, 7, 65]) {
      const f = network(1, dimension, widths);
      const { X, y, testX, testY } = load({ widths, dimension, samples: 33, testSamples: 3 });
      for (const [inputs, targets] of [
        [X, y],
        [testX, testY],
      ]) {
        targets.forEach((target, i) => {
          const x = inputs.subarray(i * dimension, (i + 1) * dimension);
          // Roundings of each layer's sums, relative to sizes that are about 1.
          expect(Math.abs(target - f(x))).toBeLessThan(1e-12);
        });
      }
      expect(new Set(y).size).toBeGreaterThan(1);
    }
});

test("over teachers, the mean square of f*(x) is 2 |x|^2 / n", () => {
  const teachers = 3000;
  const [dimension, widths] = [6, [8, 8]];
  const squares = Array.from({ length: teachers }, (_, k) => {
    const { X, y } = load({ dimension, widths, samples: 1, seed: k + 1 });
    return y[0] ** 2 / ((2 * X.reduce((sum, value) => sum + value ** 2, 0)) / dimension);
  });
  const mean = squares.reduce((sum, value) => sum + value, 0) / teachers;
  const variance = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / teachers;
  expect(Math.abs(mean - 1)).toBeLessThan(6 * Math.sqrt(variance / teachers));
  expect(Math.sqrt(variance / teachers)).toBeLessThan(0.06);
});

test("signs are those of the values with their noise", () => {
  for (const noise of [0, 0.5]) {
    const values = load({ samples: 257, noise, testSamples: 65 });
    const signs = load({ samples: 257, noise, testSamples: 65, labels: "signs" });
    expect(signs.X).toEqual(values.X);
    expect(signs.y).toEqual(values.y.map((value) => (value < 0 ? -1 : 1)));
    expect(signs.testY).toEqual(values.testY.map((value) => (value < 0 ? -1 : 1)));
    expect(new Set(signs.y)).toEqual(new Set([-1, 1]));
  }
});

test("a value of 0 has the sign +1: a teacher of one unit gives many", () => {
  const { y } = load({ widths: [1], samples: 64 });
  expect(y).toContain(0);
  const signs = load({ widths: [1], samples: 64, labels: "signs" }).y;
  y.forEach((value, i) => expect(signs[i]).toBe(value < 0 ? -1 : 1));
});

test("noise has the standard deviation asked for and is that of the linear kinds, as are the inputs", () => {
  const linear = (noise: number) =>
    loadDataset(
      { kind: "linear-uniform", samples: 65, dimension: 7, noise, seed: 1, testSamples: 9 },
      new Map(),
    );
  const [quiet, loud] = [
    load({ samples: 65, testSamples: 9 }),
    load({ samples: 65, testSamples: 9, noise: 0.5 }),
  ];
  const [plain, noisy] = [linear(0), linear(0.5)];
  expect(quiet.X).toEqual(plain.X);
  expect(quiet.testX).toEqual(plain.testX);
  expect(loud.X).toEqual(plain.X);
  // Two roundings of sums below 16 on each side.
  quiet.y.forEach((value, i) =>
    expect(Math.abs(loud.y[i] - value - (noisy.y[i] - plain.y[i]))).toBeLessThan(1e-14),
  );
  quiet.testY.forEach((value, i) =>
    expect(Math.abs(loud.testY[i] - value - (noisy.testY[i] - plain.testY[i]))).toBeLessThan(1e-14),
  );
  expect(loud.y).not.toEqual(quiet.y);
});

test("more samples keep the earlier ones and the teacher", () => {
  const few = load({ samples: 3, testSamples: 2, noise: 0.1 });
  const many = load({ samples: 65, testSamples: 7, noise: 0.1 });
  expect(many.X.subarray(0, few.X.length)).toEqual(few.X);
  expect(many.y.subarray(0, 3)).toEqual(few.y);
  expect(many.testY.subarray(0, 2)).toEqual(few.testY);
});

test("another seed is another teacher", () => {
  const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
  expect(network(1, 7, [5])(x)).not.toBe(network(2, 7, [5])(x));
  expect(load({ seed: 2 }).y).not.toEqual(load().y);
});

test("there is no true linear predictor, and a test set is asked for by its size", () => {
  expect(load().betaStar).toBeUndefined();
  expect(hasTruePredictor(specification())).toBe(false);
  expect(lacksTestSet(specification())).toBe("set data.testSamples");
});

test("its shape is known before it is generated; too many samples or weights are refused", () => {
  expect(dataShape(specification({ testSamples: 4 }))).toEqual({
    samples: 10,
    inputs: 7,
    outputs: 1,
    testSamples: 4,
  });
  expect(problem(() => load({ testSamples: 2 ** 27 }))).toMatch(/^data\.testSamples is 134217728; with 7 /);
  expect(problem(() => load({ widths: [20_000, 20_000] }))).toBe(
    "data.widths is [20000,20000]; that makes 400160000 weights, and at most 134217728 are allowed",
  );
});

test("the schema fills in values, no noise, seed 1 and no test set", () => {
  const written = { kind: "teacher", samples: 3, dimension: 2, widths: [4] };
  const filled = { ...written, labels: "values", noise: 0, seed: 1, testSamples: 0 };
  expect(v.parse(teacher.schema, written)).toEqual(filled);
  for (const wrong of [
    { widths: [] },
    { widths: [0] },
    { widths: [1.5] },
    { widths: 3 },
    { labels: "sign" },
    { noise: -1 },
    { sparsity: 1 },
  ]) {
    expect(v.is(teacher.schema, { ...written, ...wrong })).toBe(false);
  }
});

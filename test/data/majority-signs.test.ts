import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";

const load = (changes = {}) =>
  loadDataset(
    { kind: "majority-signs", samples: 200, dimension: 9, sparsity: 3, seed: 4, testSamples: 50, ...changes },
    new Map(),
  );

test("labels are the majority of the first signs; the others do not tell", () => {
  for (const sparsity of [1, 3, 9]) {
    const { X, y, testX, testY } = load({ sparsity });
    for (const [inputs, labels] of [
      [X, y],
      [testX, testY],
    ])
      labels.forEach((label, i) => {
        const row = inputs.subarray(9 * i, 9 * i + 9);
        expect(row.every((sign) => Math.abs(sign) === 1)).toBe(true);
        expect(label).toBe(Math.sign(row.subarray(0, sparsity).reduce((sum, sign) => sum + sign, 0)));
      });
  }
});

test("more samples keep the earlier ones, and an even number of voters is refused", () => {
  expect(load({ samples: 300 }).X.subarray(0, 1800)).toEqual(load().X);
  expect(() => load({ sparsity: 2 })).toThrow("data.sparsity is 2; an odd number, at most the dimension, 9");
  expect(() => load({ sparsity: 11 })).toThrow("data.sparsity is 11");
});

test("a sparse predictor has the norm that is asked for, or entries that are drawn", () => {
  const sparse = (changes = {}) =>
    loadDataset(
      {
        kind: "linear-sparse",
        samples: 5,
        dimension: 8,
        sparsity: 4,
        noise: 0,
        seed: 2,
        testSamples: 0,
        ...changes,
      },
      new Map(),
    ).betaStar!;
  expect([...sparse()]).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0]);
  expect([...sparse({ norm: 2 })]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  const drawn = sparse({ entries: "gaussian" });
  expect(new Set(drawn).size).toBe(5);
  expect(Math.hypot(...sparse({ entries: "gaussian", norm: 3 }))).toBeCloseTo(3, 12);
  expect(sparse({ entries: "gaussian", norm: 3 })[1] / drawn[1]).toBeCloseTo(3 / Math.hypot(...drawn), 12);
});

import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import type { BallData } from "../../src/document/types.ts";
import { gaussianUnits } from "../../src/theory/index.ts";
import { problem } from "./problem.ts";

const n = 5;
const load = (own: Partial<BallData> = {}) =>
  loadDataset({ kind: "ball", samples: 4000, dimension: n, seed: 3, testSamples: 0, ...own }, new Map());
const mean = (values: Iterable<number>) => {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};
const squares = ({ X, samples }: ReturnType<typeof load>) =>
  Array.from({ length: samples }, (_, i) =>
    X.subarray(i * n, (i + 1) * n).reduce((sum, value) => sum + value ** 2, 0),
  );

test("inputs are uniform in the ball: |x|^n is uniform, and coordinates agree", () => {
  const data = load();
  const shares = squares(data).map((square) => square ** (n / 2));
  expect(Math.max(...shares)).toBeLessThan(1);
  // Moments of a uniform number: four standard errors.
  for (const power of [1, 2, 3]) {
    const deviation = Math.sqrt(1 / (2 * power + 1) - 1 / (power + 1) ** 2) / Math.sqrt(4000);
    expect(Math.abs(mean(shares.map((share) => share ** power)) - 1 / (power + 1))).toBeLessThan(
      4 * deviation,
    );
  }
  for (let k = 0; k < n; k++) {
    const own = data.X.filter((_, at) => at % n === k);
    expect(Math.abs(mean(own))).toBeLessThan((4 * Math.sqrt(1 / (n + 2))) / Math.sqrt(4000));
    expect(mean(own.map((value) => value ** 2)) * (n + 2)).toBeCloseTo(1, 0);
  }
});

test("the Gaussian is exp(-|x|^2/2); its variance on the ball is the error of a constant", () => {
  const data = load();
  squares(data).forEach((square, i) => expect(data.y[i]).toBeCloseTo(Math.exp(-square / 2), 14));
  const centre = mean(data.y);
  expect(mean(data.y.map((y) => (y - centre) ** 2)) / gaussianUnits(n).errorOfConstant).toBeCloseTo(1, 1);
});

test("a wave of frequency 4 is nowhere steeper than 4, and somewhere nearly as steep", () => {
  const { X, y } = load({ cosines: 1, frequency: 4, samples: 2000 });
  expect(Math.max(...y.map(Math.abs))).toBeLessThanOrEqual(1);
  let steepest = 0;
  for (let i = 0; i < 300; i++)
    for (let j = 0; j < i; j++) {
      const gap = Math.hypot(...Array.from({ length: n }, (_, k) => X[i * n + k] - X[j * n + k]));
      steepest = Math.max(steepest, Math.abs(y[i] - y[j]) / gap);
    }
  expect(steepest).toBeLessThan(4);
  expect(steepest).toBeGreaterThan(3);
});

test("more samples keep the earlier ones, and training and test sets differ", () => {
  const few = load({ samples: 3, testSamples: 3, cosines: 2, frequency: 1 });
  const many = load({ samples: 5, testSamples: 5, cosines: 2, frequency: 1 });
  expect(many.X.subarray(0, 3 * n)).toEqual(few.X);
  expect(many.testY.subarray(0, 3)).toEqual(few.testY);
  expect(few.testX).not.toEqual(few.X);
});

test("what makes no data is refused by the place and the mend", () => {
  expect(problem(() => load({ cosines: 1e8, frequency: 1 }))).toBe(
    "data.cosines is 100000000; with 5 inputs at most 19173961",
  );
  const mend = "waves have data.cosines, how many, and data.frequency; the Gaussian has neither";
  expect(problem(() => load({ cosines: 1 }))).toBe(`data.frequency is missing; ${mend}`);
  expect(problem(() => load({ frequency: 1 }))).toBe(`data.cosines is missing; ${mend}`);
});

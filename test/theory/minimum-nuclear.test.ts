import { describe, expect, test } from "vitest";
import { InfeasibleError, minimumL1, minimumNuclear, type MatrixProblem } from "../../src/theory/index.ts";
import { l2Norm, maximumNorm } from "../../src/theory/norms.ts";
import {
  asMeasurements,
  completion,
  normalDraw,
  outerProduct,
  P10,
  P10b,
  twoByTwo,
  uniforms,
} from "./matrix-draws.ts";

/** Largest |<A_i, W> - y_i|. */
const miss = ({ columns, entries, measurements, targets }: MatrixProblem, W: Float64Array) =>
  maximumNorm(
    targets.map((target, i) => {
      if (entries) return W[entries[2 * i] * columns + entries[2 * i + 1]] - target;
      return W.reduce((sum, value, k) => sum + value * measurements![i * W.length + k], -target);
    }),
  );

test("numbers of the draw that everything here stands on", () => {
  expect(uniforms(1)()).toBeCloseTo(0.627073941, 9);
  expect([...normalDraw(2, 1)].map((value) => value.toFixed(8))).toEqual(["1.40433878", "1.21575462"]);
});

describe("the least nuclear norm, with its proof", () => {
  const cases: [string, Parameters<typeof minimumNuclear>[0], number][] = [
    ["rank 1, 60 of 10 x 10: the truth", P10, 10.44118],
    ["rank 1, 60 of 10 x 10: less than the truth's 6.468831", P10b, 6.221272],
    ["two by two", twoByTwo, 2],
    ["two by two, semidefinite", { ...twoByTwo, semidefinite: true }, 2.5],
  ];
  for (const [name, problem, expected] of cases)
    test(name, () => {
      const { W, nuclear, gap } = minimumNuclear(problem, { tolerance: 1e-8 });
      expect(nuclear).toBeCloseTo(expected, 6);
      expect(gap).toBeLessThanOrEqual(1e-8);
      expect(miss(problem, W)).toBeLessThan(1e-13);
    });

  test("the gap is true at every step on the way", () => {
    const exact = minimumNuclear(P10b, { tolerance: 1e-10 }).nuclear;
    for (const maxSteps of [1, 5, 10, 20, 40]) {
      const { nuclear, gap, steps } = minimumNuclear(P10b, { maxSteps });
      expect(steps).toBe(maxSteps);
      expect(nuclear * (1 - gap)).toBeLessThanOrEqual(exact * (1 + 1e-9));
      expect(nuclear).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
    }
  });

  test("diagonal measurements: the minimum-l1 solution", async () => {
    const [samples, inputs] = [4, 9];
    const X = normalDraw(samples * inputs, 5);
    const y = normalDraw(samples, 6);
    const measurements = new Float64Array(samples * inputs * inputs);
    X.forEach((value, k) => {
      measurements[Math.floor(k / inputs) * inputs ** 2 + (k % inputs) * (inputs + 1)] = value;
    });
    const { W, nuclear } = minimumNuclear(
      { rows: inputs, columns: inputs, measurements, targets: y },
      { tolerance: 1e-9 },
    );
    const { beta, norm } = await minimumL1({ samples, inputs, X, y });
    expect(nuclear).toBeCloseTo(norm, 7);
    expect(maximumNorm(beta.map((value, i) => W[i * (inputs + 1)] - value))).toBeLessThan(1e-4);
  });
});

test("entries and the matrices that pick them are one problem, and so is its transpose", () => {
  const wide = completion(outerProduct(normalDraw(14, 3), normalDraw(22, 4), 2), 7, 40, 5);
  const tall = {
    rows: wide.columns,
    columns: wide.rows,
    entries: wide.entries.map((_, k) => wide.entries[k ^ 1]),
    targets: wide.targets,
  };
  const { W, nuclear } = minimumNuclear(wide);
  const sensed = minimumNuclear(asMeasurements(wide));
  expect(sensed.nuclear).toBeCloseTo(nuclear, 12);
  const turned = minimumNuclear(tall);
  expect(turned.nuclear).toBeCloseTo(nuclear, 12);
  expect(turned.W[3 * wide.rows + 2]).toBeCloseTo(W[2 * wide.columns + 3], 12);
});

test("Gaussian measurements, one of them twice: as many as a matrix of rank 1 needs give it back", () => {
  const truth = outerProduct(normalDraw(6, 11), normalDraw(5, 12));
  const once = normalDraw(24 * 30, 13).map((value) => 100 * value);
  const measurements = Float64Array.from([...once, ...once.subarray(0, 30)]);
  const targets = Float64Array.from({ length: 25 }, (_, i) =>
    truth.reduce((sum, value, k) => sum + value * measurements[i * 30 + k], 0),
  );
  const { W, gap } = minimumNuclear({ rows: 6, columns: 5, measurements, targets });
  expect(gap).toBeLessThanOrEqual(1e-6);
  expect(l2Norm(W.map((value, k) => value - truth[k])) / l2Norm(truth)).toBeLessThan(1e-4);
});

test("semidefinite: skewed measurements count by their symmetric part, and W is symmetric", () => {
  const truth = outerProduct(normalDraw(5, 21), normalDraw(5, 21));
  const measurements = normalDraw(12 * 25, 22);
  const targets = Float64Array.from({ length: 12 }, (_, i) =>
    truth.reduce((sum, value, k) => sum + value * measurements[i * 25 + k], 0),
  );
  const { W, nuclear, gap } = minimumNuclear({
    rows: 5,
    columns: 5,
    measurements,
    targets,
    semidefinite: true,
  });
  expect(gap).toBeLessThanOrEqual(1e-6);
  expect(nuclear).toBeCloseTo(
    normalDraw(5, 21).reduce((sum, value) => sum + value * value, 0),
    4,
  );
  for (let k = 0; k < 25; k++) expect(W[k]).toBeCloseTo(W[(k % 5) * 5 + Math.floor(k / 5)], 12);
});

test("no steps left, or no semidefinite matrix: the gap tells, nothing throws", () => {
  const gaps: number[] = [];
  const { gap } = minimumNuclear(P10, { maxSteps: 25, progress: (state) => gaps.push(state.gap) });
  expect(gaps.length).toBe(3);
  expect(gaps.at(-1)).toBe(gap);
  expect(gap).toBeGreaterThan(1e-6);
  const impossible = { rows: 1, columns: 1, entries: Int32Array.of(0, 0), targets: Float64Array.of(-1) };
  expect(minimumNuclear({ ...impossible, semidefinite: true }, { maxSteps: 100 }).gap).toBeGreaterThan(1);
  expect(minimumNuclear({ ...twoByTwo, targets: new Float64Array(3) })).toMatchObject({ nuclear: 0, gap: 0 });
});

test("what is wrong is named", () => {
  const twice = { ...twoByTwo, entries: Int32Array.of(0, 1, 1, 0, 0, 1) };
  const cases: [() => unknown, new (...parts: never[]) => Error, RegExp][] = [
    [() => minimumNuclear(twice), InfeasibleError, /entry \(0, 1\) is to be both 1 and 0.5/],
    [() => minimumNuclear(asMeasurements(twice)), InfeasibleError, /the 3 of them are dependent/],
    [() => minimumNuclear({ ...P10, columns: 9 }), RangeError, /it must be from 0 to 8/],
    [
      () => minimumNuclear({ ...twoByTwo, rows: 3, semidefinite: true }),
      RangeError,
      /symmetric matrix is square/,
    ],
    [
      () => minimumNuclear({ rows: 1, columns: 1, targets: Float64Array.of(1) }),
      RangeError,
      /either entries or/,
    ],
    [
      () => minimumNuclear({ ...twoByTwo, targets: Float64Array.of(1, NaN, 1) }),
      RangeError,
      /targets\[1\] is NaN/,
    ],
    [() => minimumNuclear(P10, { tolerance: 0 }), RangeError, /tolerance is 0/],
  ];
  for (const [action, kind, message] of cases) {
    expect(action).toThrow(kind);
    expect(action).toThrow(message);
  }
});

// Arora et al. 2019, Figure 2's size: 4 s.
if (process.env.CASES === "all")
  test("rank 5, 2000 of 100 x 100: 218.176", () => {
    const product = outerProduct(normalDraw(500, 101), normalDraw(500, 102), 5);
    const norm = l2Norm(product);
    const truth = product.map((value) => (100 * value) / norm);
    const { W, nuclear, gap } = minimumNuclear(completion(truth, 100, 2000, 103));
    expect(gap).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(nuclear - 218.176)).toBeLessThan(0.01);
    expect(l2Norm(W.map((value, k) => value - truth[k])) / 100).toBeCloseTo(0.2001, 3);
  });

import { describe, expect, test } from "vitest";
import {
  InfeasibleError,
  minimumL1,
  minimumL2,
  richLimit,
  rowSpace,
  solutionDistances,
  populationErrors,
  biasGap,
  type LinearSystem,
} from "../../src/theory/index.ts";
import { multiplyTransposed } from "../../src/theory/linear-system.ts";
import { difference, l1Norm, l2Norm, maximumNorm } from "../../src/theory/norms.ts";
import { normals, sparseRegression, unevenShape } from "./sparse-regression.ts";

const image = ({ X, inputs }: LinearSystem, nu: Float64Array) =>
  multiplyTransposed(X, nu, new Float64Array(inputs));

/** The system with these rows appended: copies of its samples, or combinations of them. */
function withRows(system: LinearSystem, combinations: Record<number, number>[], offset = 0): LinearSystem {
  const { samples, inputs, X, y } = system;
  const combine = (values: (i: number) => number, combination: Record<number, number>) =>
    Object.entries(combination).reduce((sum, [i, factor]) => sum + factor * values(Number(i)), 0);
  const rows = combinations.flatMap((combination) =>
    Array.from({ length: inputs }, (_, j) => combine((i) => X[i * inputs + j], combination)),
  );
  const targets = combinations.map((combination) => combine((i) => y[i], combination) + offset);
  return {
    samples: samples + combinations.length,
    inputs,
    X: Float64Array.from([...X, ...rows]),
    y: Float64Array.from([...y, ...targets]),
  };
}

describe("minimum l1", () => {
  for (const [samples, inputs] of [
    [1, 1],
    [1, 7],
    [3, 3],
    [20, 65],
    [50, 250],
    [100, 250],
  ])
    test(`${samples} samples of ${inputs} inputs: exact to 1e-10, one nonzero a sample, and proved optimal`, async () => {
      const system = sparseRegression(samples, inputs, 11);
      const { beta, norm, nu, support, rank, residual } = await minimumL1(system);
      expect(residual).toBeLessThan(1e-10);
      expect(rank).toBe(samples);
      expect(beta.filter((value) => value !== 0).length).toBe(samples);
      expect(support).toEqual([...beta.keys()].filter((i) => beta[i] !== 0));
      expect(norm).toBeCloseTo(l1Norm(beta), 12);
      // The certificate: a feasible point of the dual program, with the same value.
      const certificate = image(system, nu);
      expect(maximumNorm(certificate)).toBeLessThan(1 + 1e-10);
      for (const i of support) expect(certificate[i]).toBeCloseTo(Math.sign(beta[i]), 9);
      expect(system.y.reduce((sum, target, i) => sum + target * nu[i], 0)).toBeCloseTo(norm, 9);
    });

  for (const [samples, inputs] of [
    [20, 65],
    [100, 400],
  ])
    test(`${samples} samples of ${inputs} inputs without noise: the sparse truth itself, on a degenerate basis, with its proof`, async () => {
      const system = sparseRegression(samples, inputs, 2, 0);
      const { beta, norm, nu, support, residual } = await minimumL1(system);
      expect(residual).toBeLessThan(1e-12);
      expect([...beta.keys()].filter((i) => beta[i] !== 0)).toEqual([0, 1, 2, 3, 4]);
      expect(maximumNorm(difference(beta, system.betaStar!))).toBeLessThan(1e-12);
      expect(support.length).toBeLessThan(samples);
      const certificate = image(system, nu);
      expect(maximumNorm(certificate)).toBeLessThan(1 + 1e-7);
      expect(system.y.reduce((sum, target, i) => sum + target * nu[i], 0)).toBeCloseTo(norm, 10);
    });

  test("no interpolator found by chance has a smaller l1 norm", async () => {
    const system = sparseRegression(6, 15, 3);
    const { beta, norm } = await minimumL1(system);
    const { basis, rank } = rowSpace(system);
    for (let seed = 0; seed < 50; seed++) {
      const move = normals(15, seed).map((value) => 0.1 * value);
      for (let k = 0; k < rank; k++) {
        const row = basis.subarray(k * 15, (k + 1) * 15);
        const share = row.reduce((sum, value, i) => sum + value * move[i], 0);
        for (let i = 0; i < 15; i++) move[i] -= share * row[i];
      }
      expect(l1Norm(beta.map((value, i) => value + move[i]))).toBeGreaterThan(norm);
    }
  });

  test("weights: the weighted solution is the plain one of rescaled inputs", async () => {
    const system = sparseRegression(12, 30, 5);
    const weights = unevenShape(30, 10, 4);
    const weighted = await minimumL1(system, { weights });
    const rescaled = { ...system, X: system.X.map((value, k) => value / weights[k % 30]) };
    const plain = await minimumL1(rescaled);
    expect(weighted.norm).toBeCloseTo(plain.norm, 10);
    weighted.beta.forEach((value, i) => expect(value * weights[i]).toBeCloseTo(plain.beta[i], 10));
    const certificate = image(system, weighted.nu);
    certificate.forEach((value, i) => expect(Math.abs(value) / weights[i]).toBeLessThan(1 + 1e-9));
  });

  test("targets of size 1e-200 or 1e200 give the same solution in their own units", async () => {
    const system = sparseRegression(6, 20, 2);
    const { beta } = await minimumL1(system);
    for (const unit of [1e-200, 1e200]) {
      const scaled = await minimumL1({ ...system, y: system.y.map((value) => value * unit) });
      scaled.beta.forEach((value, i) => expect(value / unit).toBeCloseTo(beta[i], 11));
    }
  });

  test("a tie ends at one of the equally short solutions: repeated columns", async () => {
    const { beta, norm } = await minimumL1({
      samples: 1,
      inputs: 3,
      X: Float64Array.of(1, 1, 0.5),
      y: Float64Array.of(2),
    });
    expect(norm).toBeCloseTo(2, 14);
    expect(beta[0] + beta[1]).toBeCloseTo(2, 14);
    expect(beta[2]).toBe(0);
  });

  test("zero targets give zero, and weights that are not positive are refused", async () => {
    const system = sparseRegression(3, 5, 1);
    expect(maximumNorm((await minimumL1({ ...system, y: new Float64Array(3) })).beta)).toBe(0);
    await expect(minimumL1(system, { weights: [1, 1, 0, 1, 1] })).rejects.toThrow(
      "5 positive finite numbers",
    );
    await expect(richLimit(system, { depth: 1 })).rejects.toThrow("depth is 1");
  });
});

describe("minimum l2", () => {
  test("it interpolates and lies in the row space of X, so no interpolator is shorter", () => {
    for (const [samples, inputs] of [
      [1, 1],
      [1, 7],
      [5, 5],
      [40, 100],
      [100, 250],
    ]) {
      const system = sparseRegression(samples, inputs, 7);
      const { beta, norm, nu, rank, residual } = minimumL2(system);
      expect(residual).toBeLessThan(1e-11);
      expect(rank).toBe(samples);
      expect(l2Norm(difference(beta, image(system, nu))) / norm).toBeLessThan(1e-10);
      expect(norm).toBeCloseTo(l2Norm(beta), 14);
    }
  });

  test("a weighted one is the plain one of rescaled inputs", () => {
    const system = sparseRegression(9, 20, 7);
    const weights = unevenShape(20, 6, 2);
    const { beta, nu, norm } = minimumL2(system, { weights });
    expect(maximumNorm(beta.map((value, i) => value - weights[i] ** 2 * image(system, nu)[i]))).toBeLessThan(
      1e-12,
    );
    expect(norm).toBeCloseTo(l2Norm(beta.map((value, i) => value / weights[i])), 13);
  });
});

describe("rank", () => {
  const system = sparseRegression(10, 25, 8);
  const dependent = withRows(system, [{ 2: 1 }, { 2: 1 }, { 0: 0.5, 4: -2 }]);
  const overdetermined = withRows(
    system,
    Array.from({ length: 30 }, (_, k) => ({ [k % 10]: 1 + k, [(k + 3) % 10]: -0.3 })),
  );

  test("repeated rows, dependent rows and more rows than inputs keep both solutions, and the rank says so", async () => {
    for (const longer of [dependent, overdetermined]) {
      const l2 = minimumL2(longer);
      const l1 = await minimumL1(longer);
      expect([l2.rank, l1.rank]).toEqual([10, 10]);
      expect(maximumNorm(difference(l2.beta, minimumL2(system).beta))).toBeLessThan(1e-12);
      expect(maximumNorm(difference(l1.beta, (await minimumL1(system)).beta))).toBeLessThan(1e-11);
      expect(maximumNorm(difference(image(longer, l2.nu), l2.beta))).toBeLessThan(1e-12);
      expect(maximumNorm(image(longer, l1.nu))).toBeLessThan(1 + 1e-9);
    }
  });

  test("rows that contradict one another are infeasible, with the rank and the miss in the message", async () => {
    const contradicting = withRows(system, [{ 2: 1 }], 0.5);
    expect(() => minimumL2(contradicting)).toThrow(InfeasibleError);
    expect(() => minimumL2(contradicting)).toThrow(
      /no solution: 11 samples, X has rank 10 of 25 inputs, .*misses a target by 0.250/,
    );
    await expect(minimumL1(contradicting)).rejects.toThrow(InfeasibleError);
  });

  test("noisy targets with more samples than inputs are infeasible", () => {
    const noisy = sparseRegression(30, 8, 1);
    expect(() => rowSpace(noisy)).toThrow(/X has rank 8 of 8 inputs/);
  });

  test("an X of zeros has rank 0: zero for zero targets, infeasible for others", async () => {
    const zero = { samples: 2, inputs: 3, X: new Float64Array(6), y: new Float64Array(2) };
    expect(minimumL2(zero)).toMatchObject({ rank: 0, norm: 0, residual: 0 });
    expect((await minimumL1(zero)).norm).toBe(0);
    expect(() => minimumL2({ ...zero, y: Float64Array.of(0, 1) })).toThrow(InfeasibleError);
  });
});

test("entries that are not finite and arrays of the wrong length are named before anything runs", () => {
  const system = sparseRegression(3, 4, 1);
  expect(() => minimumL2({ ...system, X: system.X.with(6, NaN) })).toThrow(
    "X[1, 2] is NaN; it must be finite",
  );
  expect(() => minimumL2({ ...system, y: system.y.with(1, Infinity) })).toThrow("y[1] is Infinity");
  expect(() => minimumL2({ ...system, inputs: 5 })).toThrow(
    "X has 12 entries; 3 samples of 5 inputs need 15",
  );
  expect(() => minimumL2({ ...system, y: new Float64Array(2) })).toThrow("y has 2 entries");
});

test("distances and excesses to the minimum-norm solutions carry the names of the recorded quantities", () => {
  const solutions = { minimumL1: [1, 0], minimumL2: [0.5, 0.5] };
  expect(solutionDistances([1, -1], solutions)).toEqual({
    min_l1_distance: 1,
    min_l2_distance: Math.hypot(0.5, 1.5),
    excess_l1: 1,
    excess_l2: Math.SQRT2 - Math.SQRT1_2,
  });
  expect(populationErrors([1, -1], [1, 1])).toEqual({ population_l1: 2, population_l2: 4 });
  expect(biasGap([1e-200, 0], [1e-200, 1e-200])).toBeCloseTo(Math.SQRT1_2, 14);
});

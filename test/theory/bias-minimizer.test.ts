import { describe, expect, test } from "vitest";
import {
  biasMinimizer,
  biasMinimizers,
  ConvergenceError,
  implicitBias,
  implicitBiasGradient,
  kernelLimit,
  minimumL2,
  richLimit,
  rowSpace,
  type Initialization,
  type LinearSystem,
} from "../../src/theory/index.ts";
import { multiplyTransposed } from "../../src/theory/linear-system.ts";
import { difference, l1Norm, l2Norm, maximumNorm } from "../../src/theory/norms.ts";
import { normals, sparseRegression, unevenShape } from "./sparse-regression.ts";

const distance = (left: Float64Array, right: Float64Array) => l2Norm(difference(left, right)) / l2Norm(right);

/** X^T nu, [inputs]. */
const image = ({ X, inputs }: LinearSystem, nu: Float64Array) =>
  multiplyTransposed(X, nu, new Float64Array(inputs));

describe("the residual |X beta - y| of Q's minimizer is at most 1e-9", () => {
  for (const [samples, alpha] of [
    [50, 0.5],
    [200, 1],
    [200, 10],
    [200, 1e6],
    [100, 1e-20],
    [100, 1e-6],
  ])
    test(`at alpha = ${alpha} with ${samples} samples of 250 inputs, on data of our own`, () => {
      for (const seed of [1, 2]) {
        const minimizer = biasMinimizer(sparseRegression(samples, 250, seed), { alpha });
        expect(minimizer.residual).toBeLessThan(1e-9);
        expect(minimizer.iterations).toBeLessThan(150);
      }
    });

  for (const depth of [3, 4, 5, 10, 20])
    test(`at depth ${depth} for alpha from 1e-20 to 1e6, with an uneven w0`, () => {
      const system = sparseRegression(20, 50, depth);
      const w0 = unevenShape(50, 3, depth);
      for (const result of biasMinimizers(system, [1e-20, 1e-9, 1e-3, 0.03, 0.3, 1, 30, 1e6], { depth, w0 }))
        expect(result.residual).toBeLessThan(1e-9);
    });
});

describe("the gradient of Q lies in the row space of X, at its minimizer", () => {
  const cases: [Initialization, number][] = [
    [{ alpha: 1e-20 }, 1e-12],
    [{ alpha: 1e-3 }, 1e-12],
    [{ alpha: 1 }, 1e-12],
    [{ alpha: 1e6 }, 1e-12],
    [{ alpha: 0.02, depth: 3 }, 1e-12],
    [{ alpha: 1e-20, depth: 3 }, 1e-12],
    [{ alpha: 0.1, depth: 6 }, 1e-12],
    [{ alpha: 3, depth: 6 }, 1e-12],
    [{ alpha: 1e6, depth: 3 }, 1e-12],
    [{ alpha: 0.7, depth: 1 }, 1e-12],
  ];
  for (const [initialization, bound] of cases)
    for (const w0 of [undefined, unevenShape(60, 5, 9)])
      test(`for depth ${initialization.depth ?? 2}, alpha = ${initialization.alpha}, w0 ${w0 ? "uneven" : "ones"}`, () => {
        const system = sparseRegression(24, 60, 4);
        const start = w0 ? { ...initialization, w0 } : initialization;
        const { beta, nu } = biasMinimizer(system, start);
        const gradient = implicitBiasGradient(beta, start);
        expect(maximumNorm(difference(gradient, image(system, nu)))).toBeLessThan(
          bound * maximumNorm(gradient),
        );
      });
});

test("no other interpolator has a smaller Q: moves within the null space raise it", () => {
  const system = sparseRegression(8, 20, 2);
  const w0 = unevenShape(20, 3, 2);
  const { basis, rank } = rowSpace(system);
  for (const depth of [2, 3, 5])
    for (const alpha of [0.05, 0.5, 2]) {
      const start = { alpha, depth, w0 };
      const { beta } = biasMinimizer(system, start);
      for (let seed = 0; seed < 5; seed++) {
        const move = normals(20, 100 + seed).map((value) => 0.01 * value);
        for (let k = 0; k < rank; k++) {
          const row = basis.subarray(k * 20, (k + 1) * 20);
          const share = row.reduce((sum, value, i) => sum + value * move[i], 0);
          for (let i = 0; i < 20; i++) move[i] -= share * row[i];
        }
        expect(
          implicitBias(
            beta.map((value, i) => value + move[i]),
            start,
          ),
        ).toBeGreaterThan(implicitBias(beta, start));
      }
    }
});

test("with growing alpha the minimizer tends to the kernel limit as alpha^(-2D), at every depth and shape of w0", () => {
  const system = sparseRegression(15, 40, 3);
  for (const w0 of [undefined, unevenShape(40, 2, 8)])
    for (const depth of [2, 3, 4]) {
      const shape = w0 ? { depth, w0 } : { depth };
      const limit = kernelLimit(system, shape);
      const [near, far, farthest] = biasMinimizers(system, [4, 8, 1e6], shape);
      const ratio = distance(near.beta, limit.beta) / distance(far.beta, limit.beta);
      expect(Math.abs(Math.log2(ratio) / (2 * depth) - 1), `depth ${depth}`).toBeLessThan(0.02);
      expect(distance(farthest.beta, limit.beta)).toBeLessThan(1e-12);
    }
});

test("the kernel limit depends on the shape of w0, and for w0 of ones it is the minimum-l2 solution", () => {
  const system = sparseRegression(15, 40, 3);
  const plain = minimumL2(system);
  expect(distance(kernelLimit(system).beta, plain.beta)).toBeLessThan(1e-13);
  expect(distance(kernelLimit(system, { w0: unevenShape(40, 2, 8) }).beta, plain.beta)).toBeGreaterThan(0.1);
  expect(
    distance(kernelLimit(system, { depth: 1, w0: unevenShape(40, 2, 8) }).beta, plain.beta),
  ).toBeLessThan(1e-13);
});

test("with falling alpha the excess l1 norm falls to 0: slowly for D = 2, as alpha^(D-2) and faster for D >= 3", async () => {
  const system = sparseRegression(30, 80, 6);
  for (const depth of [2, 3, 5]) {
    const limit = await richLimit(system, { depth });
    const alphas = depth === 2 ? [1, 0.1, 1e-2, 1e-5, 1e-10, 1e-20] : [1, 0.1, 1e-2, 1e-4, 1e-20];
    const excesses = biasMinimizers(system, alphas, { depth }).map(({ beta }) => l1Norm(beta) - limit.norm);
    excesses
      .slice(1)
      .forEach((excess, k) => expect(excess, `alpha = ${alphas[k + 1]}`).toBeLessThan(excesses[k] + 1e-12));
    expect(excesses.at(-1)).toBeGreaterThan(-1e-12);
    expect(excesses.at(-1)! / limit.norm).toBeLessThan(depth === 2 ? 1e-3 : 1e-12);
  }
});

test("the rich limit forgets the shape of w0 for D = 2, and is the weighted minimum-l1 solution for D = 3", async () => {
  const system = sparseRegression(30, 80, 7);
  const w0 = unevenShape(80, 10, 1);
  const plain = await richLimit(system);
  expect(l1Norm(biasMinimizer(system, { alpha: 1e-100, w0 }).beta) / plain.norm - 1).toBeLessThan(1e-3);
  const weighted = await richLimit(system, { depth: 3, w0 });
  expect(distance(biasMinimizer(system, { alpha: 1e-9, depth: 3, w0 }).beta, weighted.beta)).toBeLessThan(
    1e-7,
  );
  expect(distance(weighted.beta, plain.beta)).toBeGreaterThan(0.1);
});

test("depth 1 ends at the minimum-l2 solution, whatever alpha and w0", () => {
  const system = sparseRegression(15, 40, 3);
  for (const alpha of [1e-20, 0.1, 1e6])
    expect(
      distance(
        biasMinimizer(system, { alpha, depth: 1, w0: unevenShape(40, 5, 2) }).beta,
        minimumL2(system).beta,
      ),
    ).toBeLessThan(1e-13);
});

test("many alphas at once give, in their order, what one at a time gives", () => {
  const system = sparseRegression(20, 50, 1);
  const alphas = [0.01, 3, 1e-4, 0.2];
  for (const depth of [2, 3])
    biasMinimizers(system, alphas, { depth }).forEach(({ beta }, k) =>
      expect(distance(beta, biasMinimizer(system, { alpha: alphas[k], depth }).beta)).toBeLessThan(1e-10),
    );
});

test("scaling the targets by c and alpha^D by c scales the minimizer by c", () => {
  const system = sparseRegression(20, 50, 1);
  for (const depth of [2, 3, 5])
    for (const factor of [1e-30, 1e30]) {
      const scaled = { ...system, y: system.y.map((value) => factor * value) };
      const big = biasMinimizer(scaled, { alpha: 0.1 * factor ** (1 / depth), depth }).beta;
      const small = biasMinimizer(system, { alpha: 0.1, depth }).beta;
      expect(
        distance(
          big.map((value) => value / factor),
          small,
        ),
        `depth ${depth}`,
      ).toBeLessThan(1e-9);
    }
});

test("repeated and dependent rows change nothing: the minimizer is that of the rows they repeat", () => {
  const system = sparseRegression(10, 30, 5);
  const row = (i: number) => [...system.X.subarray(i * 30, (i + 1) * 30)];
  const sum = row(1).map((value, j) => value + row(2)[j]);
  const longer: LinearSystem = {
    samples: 12,
    inputs: 30,
    X: Float64Array.from([...system.X, ...row(3), ...sum]),
    y: Float64Array.from([...system.y, system.y[3], system.y[1] + system.y[2]]),
  };
  for (const start of [{ alpha: 0.01 }, { alpha: 0.1, depth: 3 }]) {
    const { beta, nu, residual } = biasMinimizer(longer, start);
    expect(distance(beta, biasMinimizer(system, start).beta)).toBeLessThan(1e-9);
    expect(residual).toBeLessThan(1e-9);
    const gradient = implicitBiasGradient(beta, start);
    expect(maximumNorm(difference(gradient, image(longer, nu)))).toBeLessThan(1e-11 * maximumNorm(gradient));
  }
});

test("badly scaled rows are no obstacle: units of 1e-6 to 1e6 a sample leave the minimizer unchanged", () => {
  const system = sparseRegression(10, 30, 5);
  const unit = (i: number) => 10 ** ((i % 5) * 3 - 6);
  const scaled = {
    ...system,
    X: system.X.map((value, k) => value * unit(Math.floor(k / 30))),
    y: system.y.map((value, i) => value * unit(i)),
  };
  for (const alpha of [1e-3, 1])
    expect(
      distance(biasMinimizer(scaled, { alpha }).beta, biasMinimizer(system, { alpha }).beta),
    ).toBeLessThan(1e-6);
});

test("a square X leaves one interpolator, and zero targets give zero", () => {
  const square = sparseRegression(12, 12, 2);
  for (const alpha of [1e-4, 1, 100])
    expect(distance(biasMinimizer(square, { alpha }).beta, minimumL2(square).beta)).toBeLessThan(1e-9);
  const silent = { ...sparseRegression(5, 9, 2), y: new Float64Array(5) };
  for (const depth of [1, 2, 3])
    expect(maximumNorm(biasMinimizer(silent, { alpha: 0.1, depth }).beta)).toBe(0);
});

test("a w0 so uneven that w0^(2D-2) spans 80 decades is refused as not converged, in bounded time", () => {
  const system = sparseRegression(20, 50, 1);
  expect(() => biasMinimizer(system, { alpha: 1, depth: 40, w0: unevenShape(50, 10, 1) })).toThrow(
    ConvergenceError,
  );
});

test("too few Newton steps end with an error that says how many, never with a wrong answer", () => {
  const system = sparseRegression(20, 50, 1);
  expect(() => biasMinimizer(system, { alpha: 1e-3 }, { maxIterations: 2 })).toThrow(ConvergenceError);
  expect(() => biasMinimizer(system, { alpha: 1e-3 }, { maxIterations: 2 })).toThrow(
    /alpha = 0.001, depth = 2 was not reached in 2 Newton steps/,
  );
});

test("alpha 0, a negative alpha and a w0 with a zero are refused by name", () => {
  const system = sparseRegression(4, 6, 1);
  expect(() => biasMinimizer(system, { alpha: 0 })).toThrow("alpha is 0; it must be positive");
  expect(() => biasMinimizer(system, { alpha: -1 })).toThrow("alpha is -1");
  expect(() => biasMinimizer(system, { alpha: 1, w0: [1, 1, 0, 1, 1, 1] })).toThrow("w0[2] is 0");
});

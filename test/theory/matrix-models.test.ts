import { describe, expect, test } from "vitest";
import {
  biasMinimizer,
  commutingFlow,
  diagonalStart,
  effectiveRank,
  implicitBias,
  matrixEscapeTime,
  matrixFlow,
  matrixKernelLimit,
  minimumFrobenius,
  minimumL2,
  nuclearNorm,
  razinCohenBound,
  singularBiasMinimizer,
  singularBiasMinimizers,
  singularValues,
  singularValueVelocities,
  type IdentityStart,
  type MatrixProblem,
  type MatrixStart,
} from "../../src/theory/index.ts";
import { l2Norm, maximumNorm } from "../../src/theory/norms.ts";
import { asMeasurements, completion, normalDraw, outerProduct, P10, P10b, twoByTwo } from "./matrix-draws.ts";

const distance = (left: Float64Array, right: Float64Array) =>
  l2Norm(left.map((value, k) => value - right[k])) / l2Norm(right);

/** alpha I, [size, size]. */
const identity = (size: number, alpha: number) =>
  Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? alpha : 0));
const identities = (depth: number, size: number, alpha: number) =>
  Array.from({ length: depth }, () => identity(size, alpha));

/** A_i = O diag(X_i) Oᵀ, O = I - 2 v vᵀ / |v|^2. */
function commuting(X: Float64Array, y: Float64Array, v: Float64Array): MatrixProblem & { O: Float64Array } {
  const n = v.length;
  const O = identity(n, 1).map((value, k) => value - (2 * v[Math.floor(k / n)] * v[k % n]) / l2Norm(v) ** 2);
  const measurements = Float64Array.from({ length: y.length * n * n }, (_, place) => {
    const [i, k] = [Math.floor(place / (n * n)), place % (n * n)];
    let sum = 0;
    for (let r = 0; r < n; r++) sum += O[Math.floor(k / n) * n + r] * X[i * n + r] * O[(k % n) * n + r];
    return sum;
  });
  return { rows: n, columns: n, measurements, targets: y, O };
}

describe("10 x 10 of rank 1", () => {
  for (const [name, problem, expected] of [
    ["P10", P10, 8.537381],
    ["P10b", P10b, 4.287635],
  ] as const)
    test(`${name}: the least Frobenius norm`, () => {
      const { W, norm } = minimumFrobenius(problem);
      expect(norm).toBeCloseTo(expected, 6);
      expect(norm).toBeCloseTo(l2Norm(W), 12);
      expect(distance(minimumFrobenius(asMeasurements(problem)).W, W)).toBeLessThan(1e-14);
    });

  test("the kernel limit from the identity has nuclear norm 16.045, that of the solution of least Frobenius norm", () => {
    const { W, K } = matrixKernelLimit(P10, { factors: identities(3, 10, 2), unbiased: true });
    expect(distance(W, minimumFrobenius(P10).W)).toBeLessThan(1e-14);
    expect(nuclearNorm(W, 10, 10)).toBeCloseTo(16.045, 4);
    expect(K[0]).toBeCloseTo(2 * 3 * 2 ** 4, 12);
    expect(K[1]).toBe(0);
  });

  test("the kernel limit from Gaussian factors is another: 36 % and 85 % off", () => {
    const factors = [10, 11, 12].map((seed) => normalDraw(100, seed));
    const { W } = minimumFrobenius(P10);
    for (const [depth, expected] of [
      [2, 0.362],
      [3, 0.846],
    ]) {
      const limit = matrixKernelLimit(P10, { factors: factors.slice(0, depth), unbiased: true });
      expect(distance(limit.W, W)).toBeCloseTo(expected, 3);
    }
  });
});

describe("the kernel limit is where the linearized weights, of a numerical Jacobian, interpolate with least change", () => {
  const problem = completion(outerProduct(normalDraw(3, 1), normalDraw(4, 2)), 3, 7, 3);
  const square = completion(outerProduct(normalDraw(3, 1), normalDraw(3, 1)), 3, 5, 3);
  const starts: [string, MatrixProblem, MatrixStart][] = [
    ["depth 2", problem, { factors: [normalDraw(8, 4), normalDraw(6, 5)] }],
    [
      "depth 3, unbiased",
      problem,
      { factors: [normalDraw(8, 4), normalDraw(4, 5), normalDraw(6, 6)], unbiased: true },
    ],
    ["U Uᵀ", square, { factors: [normalDraw(6, 4)], symmetric: true }],
    [
      "U Uᵀ, unbiased",
      asMeasurements(square),
      { factors: [normalDraw(6, 4)], symmetric: true, unbiased: true },
    ],
  ];
  for (const [name, problem, start] of starts)
    test(name, () => {
      const { rows, columns, targets } = problem;
      const { symmetric = false, unbiased = false } = start;
      const whole = (factors: readonly Float64Array[]) => {
        if (symmetric) return outerProduct(factors[0], factors[0], factors[0].length / rows);
        return factors.slice(1).reduce((below, factor) => {
          const into = below.length / columns;
          const out = factor.length / into;
          return Float64Array.from({ length: out * columns }, (_, k) => {
            let sum = 0;
            for (let r = 0; r < into; r++)
              sum += factor[Math.floor(k / columns) * into + r] * below[r * columns + (k % columns)];
            return sum;
          });
        }, factors[0]);
      };
      const all = start.factors.flatMap((factor, l) => [...factor].map((_, q) => [l, q] as const));
      const columnsOfJ = all.map(([l, q]) => {
        const at = (step: number) =>
          whole(start.factors.map((w, k) => (k === l ? w.map((v, p) => (p === q ? v + step : v)) : w)));
        const [up, down] = [at(1e-5), at(-1e-5)];
        return up.map((value, k) => (value - down[k]) / 2e-5);
      });
      const J = unbiased
        ? [...columnsOfJ, ...columnsOfJ.map((column) => column.map((value) => -value))]
        : columnsOfJ;
      const W0 = unbiased ? new Float64Array(rows * columns) : whole(start.factors);
      const A =
        problem.measurements ??
        asMeasurements(problem as typeof problem & { entries: Int32Array }).measurements;
      const measured = (W: Float64Array) =>
        targets.map((_, i) => W.reduce((sum, value, k) => sum + value * A[i * W.length + k], 0));
      const X = new Float64Array(targets.length * J.length);
      J.forEach((column, j) => measured(column).forEach((value, i) => (X[i * J.length + j] = value)));
      const f0 = measured(W0);
      const y = targets.map((target, i) => target - f0[i]);
      const { beta } = minimumL2({ samples: y.length, inputs: J.length, X, y });
      const expected = W0.map((value, k) => J.reduce((sum, column, j) => sum + column[k] * beta[j], value));
      const { W, K } = matrixKernelLimit(problem, start);
      expect(distance(W, expected)).toBeLessThan(1e-7);
      const row = X.subarray(0, J.length);
      expect(K[1] - row.reduce((sum, value, j) => sum + value * X[J.length + j], 0)).toBeCloseTo(0, 7);
    });
});

describe("measurements that share singular vectors", () => {
  const X = normalDraw(72, 21);
  const truth = new Float64Array(12);
  [truth[1], truth[4], truth[9]] = [1, 0.5, 2];
  const y = Float64Array.from({ length: 6 }, (_, i) =>
    truth.reduce((sum, value, j) => sum + value * X[i * 12 + j], 0),
  );
  const spectra = { samples: 6, inputs: 12, X, y };
  const problem = commuting(X, y, normalDraw(12, 22));

  test("U Uᵀ from alpha I: the trace tends to the least one (Gunasekar et al. 2017, Theorem 1)", () => {
    const start = { symmetric: true, unbiased: false };
    for (const [alpha, excess] of [
      [1, 2.014053],
      [0.1, 0.1285793],
      [0.01, 0.0225565],
      [1e-3, 0.0034853],
    ]) {
      const { beta, residual } = biasMinimizer(spectra, diagonalStart({ ...start, alpha }, 12));
      expect(beta.reduce((sum, value) => sum + value, -3.5)).toBeCloseTo(excess, 6);
      expect(residual).toBeLessThan(1e-12);
      const { final } = commutingFlow(spectra, { ...start, alpha });
      expect(distance(final.beta, beta)).toBeLessThan(1e-6);
    }
  });

  test("D >= 3: the end minimizes sum lambda - (D/2) alpha^(D-2) lambda^(2/D)", () => {
    for (const depth of [3, 4]) {
      const alpha = 0.3;
      const { beta, nu } = biasMinimizer(spectra, diagonalStart({ alpha, depth, unbiased: false }, 12));
      // Stationarity in every eigenvalue: 1 - alpha^(D-2) lambda^(2/D - 1) = Xᵀ nu.
      const slope = beta.map((value) => 1 - alpha ** (depth - 2) * value ** (2 / depth - 1));
      const image = slope.map((_, j) => nu.reduce((sum, value, i) => sum + value * X[i * 12 + j], 0));
      expect(distance(slope, image)).toBeLessThan(1e-10);
    }
  });

  for (const [name, start] of [
    ["U Uᵀ", { symmetric: true, unbiased: false }],
    ["U Uᵀ, unbiased", { symmetric: true }],
    ["U Vᵀ, unbiased", {}],
    ["depth 3", { depth: 3, unbiased: false }],
    ["depth 3, unbiased", { depth: 3 }],
  ] as const)
    test(`${name}: the exact flow is that of the weights`, () => {
      const alpha = 0.4;
      const {
        symmetric = false,
        unbiased = true,
        depth = 2,
      }: Parameters<typeof commutingFlow>[1] = { alpha, ...start };
      const times = [0.05, 0.3, 1];
      const exact = commutingFlow(spectra, { alpha, ...start }, { times, tolerance: 1e-9 });
      const factors = identities(symmetric ? 1 : depth, 12, alpha);
      const { records } = matrixFlow(problem, { factors, symmetric, unbiased }, { times });
      records.forEach(({ time, W, loss }, k) => {
        expect(time).toBe(times[k]);
        expect(exact.records[k].time).toBeCloseTo(times[k], 12);
        const diagonal = identity(12, 1).map((value, q) => value * exact.records[k].beta[Math.floor(q / 12)]);
        const { O } = problem;
        const rotated = Float64Array.from({ length: 144 }, (_, q) => {
          let sum = 0;
          for (let r = 0; r < 12; r++)
            sum += O[Math.floor(q / 12) * 12 + r] * diagonal[r * 13] * O[(q % 12) * 12 + r];
          return sum;
        });
        expect(distance(W, rotated), `t = ${time}`).toBeLessThan(1e-6);
        expect(exact.records[k].loss).toBeCloseTo(loss, 6);
      });
    });

  test("the minimizer of Q over singular values is the diagonal network's", () => {
    for (const alpha of [1e6, 10, 1, 0.1, 1e-3, 1e-10]) {
      const { W, residual } = singularBiasMinimizer(problem, alpha);
      const { beta } = biasMinimizer(spectra, { alpha });
      const expected = beta.map(Math.abs).sort().reverse();
      expect(residual).toBeLessThan(1e-9);
      expect(distance(singularValues(W, 12, 12), expected)).toBeLessThan(1e-8);
    }
  });
});

describe("measurements that do not commute: the minimizer of Q over singular values", () => {
  test("has a smaller Q than its neighbours on the constraints", () => {
    const alpha = 0.2;
    const { W } = singularBiasMinimizer(P10b, alpha);
    const Q = (W: Float64Array) => implicitBias(singularValues(W, 10, 10), { alpha });
    const observed = new Set(P10b.targets.map((_, i) => P10b.entries[2 * i] * 10 + P10b.entries[2 * i + 1]));
    for (let seed = 0; seed < 10; seed++) {
      const move = normalDraw(100, 50 + seed).map((value, k) => (observed.has(k) ? 0 : 1e-3 * value));
      expect(Q(W.map((value, k) => value + move[k]))).toBeGreaterThan(Q(W));
      expect(Q(W.map((value, k) => value - move[k]))).toBeGreaterThan(Q(W));
    }
    expect(distance(singularBiasMinimizer(asMeasurements(P10b), alpha).W, W)).toBeLessThan(1e-10);
  });

  test("for many alphas at once it is what it is one by one, in the order given", () => {
    const alphas = [0.1, 30, 1e-6, 1, 1];
    const all = singularBiasMinimizers(P10b, alphas);
    alphas.forEach((alpha, k) =>
      expect(distance(all[k].W, singularBiasMinimizer(P10b, alpha).W)).toBeLessThan(1e-9),
    );
    expect(singularBiasMinimizers({ ...twoByTwo, targets: new Float64Array(3) }, [1])[0].iterations).toBe(0);
  });

  test("P10b: the flow ends .004, .21 and .34 away from it, at alpha = 1, .1 and .01", () => {
    for (const [alpha, expected] of [
      [1, 0.0038],
      [0.1, 0.2123],
      [0.01, 0.3422],
    ]) {
      const factors = identities(2, 10, alpha);
      const { final } = matrixFlow(P10b, { factors, unbiased: true }, { tolerance: 1e-5, stopLoss: 1e-10 });
      expect(distance(final.W, singularBiasMinimizer(P10b, alpha).W)).toBeCloseTo(expected, 4);
    }
  });

  test("two by two, from alpha I: the nuclear norm tends to 2.5, not to the least, 2", () => {
    for (const [alpha, expected] of [
      [1, 2.05717],
      [0.1, 2.0033],
      [0.01, 2.11747],
      [1e-3, 2.29215],
      [1e-4, 2.42689],
    ]) {
      const { final } = matrixFlow(twoByTwo, { factors: identities(2, 2, alpha), unbiased: true });
      expect(nuclearNorm(final.W, 2, 2)).toBeCloseTo(expected, 5);
    }
    const { final } = matrixFlow(twoByTwo, { factors: identities(2, 2, 0.01) });
    expect(nuclearNorm(final.W, 2, 2)).toBeCloseTo(2.5, 6);
  });

  test("a last entry of 0: W_00 grows beyond the bound that the loss sets (Razin & Cohen 2020)", () => {
    const problem = { ...twoByTwo, targets: Float64Array.of(1, 1, 0) };
    expect(razinCohenBound(1e-3)).toBeCloseTo(16.31, 2);
    for (const depth of [2, 3])
      for (const stopLoss of [1e-2, 1e-3]) {
        const { final } = matrixFlow(problem, { factors: identities(depth, 2, 0.01) }, { stopLoss });
        expect(final.W[0]).toBeGreaterThan(razinCohenBound(final.loss));
        if (stopLoss === 1e-3) expect(final.W[0]).toBeCloseTo(18.2, 1);
      }
  });

  test("three by three at depth 3: the end of Arora et al.'s Theorem 2, 2, is left for 1.0375 by a change of 1e-12", () => {
    const problem = {
      rows: 3,
      columns: 3,
      measurements: Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, -1),
      targets: Float64Array.of(0, 1),
    };
    const norm = (change: number) => {
      const factors = [60, 61, 62].map((seed) => {
        const draw = normalDraw(9, seed);
        return identity(3, 0.01).map((value, k) => value + 0.01 * change * draw[k]);
      });
      return nuclearNorm(matrixFlow(problem, { factors }).final.W, 3, 3);
    };
    expect(norm(0)).toBeCloseTo(2, 6);
    expect(norm(1e-12)).toBeCloseTo(1.0375, 4);
  });
});

test("infinite width: random factors of width k end k^(-1/2) from Q's minimizer at mu^2 = .5 (Woodworth et al. 2020, Theorem 4)", () => {
  // Symmetric measurements that commute: diagonal ones. Factors N(0, s^2), mu^2 = s^2 k/2.
  const size = 4;
  const X = normalDraw(2 * size, 31);
  const targets = Float64Array.of(1, 0.5);
  const problem = commuting(X, targets, normalDraw(size, 32));
  const { W } = singularBiasMinimizer(problem, Math.SQRT1_2);
  const errors = [1e3, 1e4, 1e5, 1e6].map((width) => {
    // [U; V] [U; V]ᵀ = B Bᵀ trains like the factors themselves, and B is Wishart's: lower triangular, chi on the diagonal.
    const draws = [33, 34, 35, 36, 37, 38].map((seed) => {
      const normals = normalDraw(4 * size * size, seed);
      const B = normals.map((value, k) => {
        const [row, column] = [Math.floor(k / (2 * size)), k % (2 * size)];
        const chi = Math.sqrt(width - row - 0.5) + value / Math.SQRT2;
        return (row === column ? chi : row > column ? value : 0) / Math.sqrt(width);
      });
      const U = B.slice(0, 2 * size * size);
      const V = B.slice(2 * size * size);
      const transposed = V.map((_, k) => V[(k % size) * 2 * size + Math.floor(k / size)]);
      const { final } = matrixFlow(
        problem,
        { factors: [transposed, U] },
        { stopLoss: 1e-14, tolerance: 1e-7 },
      );
      return distance(final.W, W) ** 2;
    });
    return Math.sqrt(draws.reduce((sum, value) => sum + value, 0) / draws.length);
  });
  for (const [k, error] of errors.entries()) {
    expect(error * Math.sqrt(10 ** (k + 3))).toBeGreaterThan(1);
    expect(error * Math.sqrt(10 ** (k + 3))).toBeLessThan(12);
    if (k > 0) expect(errors[k - 1] / error).toBeCloseTo(Math.sqrt(10), 0);
  }
});

describe("singular values", () => {
  test("move as -D s^(2-2/D) uᵀ G v in the flow of balanced factors", () => {
    for (const depth of [2, 3]) {
      const times = [3, 3.001];
      const { records } = matrixFlow(
        P10,
        { factors: identities(depth, 10, 0.5) },
        { times, tolerance: 1e-10 },
      );
      const [before, after] = records.map(({ W }) => singularValues(W, 10, 10));
      const [first, last] = records.map(({ W }) => singularValueVelocities(P10, W, depth).velocities);
      const expected = first.map((value, r) => (value + last[r]) / 2);
      const measured = after.map((value, r) => (value - before[r]) / 0.001);
      expect(distance(measured, expected)).toBeLessThan(1e-5);
      expect(l2Norm(expected)).toBeGreaterThan(0.01);
    }
  });

  test("leave the saddle at the predicted time: ln(s/alpha^2) m / 4|sum y A| at depth 2, as alpha^(2-D) beyond", () => {
    const force = singularValues(minimumFrobenius(P10).W, 10, 10)[0];
    expect(matrixEscapeTime(P10, { alpha: 1e-6 }, 0.01)).toBeCloseTo((Math.log(1e10) * 60) / (4 * force), 6);
    for (const depth of [3, 4])
      expect(
        (matrixEscapeTime(P10, { alpha: 1e-3, depth }, 1e3) * 2 * (depth - 2) * 1e-3 ** (depth - 2) * force) /
          60,
      ).toBeCloseTo(1, 1);
    const truth = outerProduct(normalDraw(10, 1), normalDraw(10, 1));
    const cases: [MatrixProblem, IdentityStart][] = [
      [P10, { alpha: 1e-4 }],
      [P10, { alpha: 1e-4, symmetric: true }],
      // Deeper, the factors must be aligned: from the identity they are where sum y A is symmetric.
      [completion(truth, 10, 100, 3), { alpha: 0.01, depth: 3 }],
    ];
    for (const [problem, start] of cases) {
      const { alpha, depth = 2, symmetric = false } = start;
      const size = 0.02;
      const time = matrixEscapeTime(problem, start, size);
      const factors = identities(symmetric ? 1 : depth, 10, alpha);
      const [at] = matrixFlow(
        problem,
        { factors, symmetric, unbiased: true },
        { times: [time], tolerance: 1e-6 },
      ).records;
      expect(singularValues(at.W, 10, 10)[0] / size).toBeCloseTo(1, 1);
    }
  });

  test("effective rank: r for r equal ones, 1 for one, less than the rank else", () => {
    expect(effectiveRank([2, 2, 2])).toBeCloseTo(3, 12);
    expect(effectiveRank([5, 0, 0])).toBe(1);
    expect(effectiveRank([3, 1])).toBeCloseTo(Math.exp(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25)), 12);
  });
});

test("what is wrong is named", () => {
  expect(() => matrixFlow(P10, { factors: [identity(9, 1)] })).toThrow(/factor 1 has 81 entries/);
  expect(() => singularBiasMinimizer(P10, 0)).toThrow(/alpha is 0/);
  expect(() => diagonalStart({ alpha: 1, depth: 1 }, 3)).toThrow(/depth is 1/);
  expect(() => matrixFlow(twoByTwo, { factors: identities(2, 2, 1) }, { maxSteps: 3 })).toThrow(
    /after 3 steps/,
  );
  expect(maximumNorm(minimumFrobenius({ ...twoByTwo, targets: new Float64Array(3) }).W)).toBe(0);
});

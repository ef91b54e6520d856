import { describe, expect, test } from "vitest";
import {
  biasGap,
  biasMinimizer,
  ConvergenceError,
  dualFlow,
  escapeTime,
  InfeasibleError,
  type Initialization,
  type LinearSystem,
} from "../../src/theory/index.ts";
import { difference, l2Norm, maximumNorm } from "../../src/theory/norms.ts";
import { sparseRegression, unevenShape } from "./sparse-regression.ts";

/** The predictor at each time, from the 2n weights' own gradient flow, by the classical Runge-Kutta method of order 4. */
function weightFlow(
  system: LinearSystem,
  { depth = 2, alpha, w0 }: Initialization,
  times: number[],
  steps: number,
) {
  const { samples, inputs, X, y } = system;
  const predictor = (w: Float64Array) =>
    Float64Array.from({ length: inputs }, (_, i) => w[i] ** depth - w[inputs + i] ** depth);
  const velocity = (w: Float64Array) => {
    const beta = predictor(w);
    const force = new Float64Array(inputs);
    for (let k = 0; k < samples; k++) {
      const row = X.subarray(k * inputs, (k + 1) * inputs);
      const residual = row.reduce((sum, x, i) => sum + x * beta[i], -y[k]);
      row.forEach((x, i) => (force[i] += x * residual));
    }
    return w.map(
      (value, i) => ((i < inputs ? -2 : 2) / samples) * depth * value ** (depth - 1) * force[i % inputs],
    );
  };
  const along = (w: Float64Array, direction: Float64Array, step: number) =>
    w.map((value, i) => value + step * direction[i]);
  let w = Float64Array.from({ length: 2 * inputs }, (_, i) => alpha * (w0?.[i % inputs] ?? 1));
  let time = 0;
  return times.map((next) => {
    const step = (next - time) / steps;
    for (let k = 0; k < steps; k++) {
      const k1 = velocity(w);
      const k2 = velocity(along(w, k1, step / 2));
      const k3 = velocity(along(w, k2, step / 2));
      const k4 = velocity(along(w, k3, step));
      w = w.map((value, i) => value + (step / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    }
    time = next;
    return predictor(w);
  });
}

describe("the dual flow is the weights' gradient flow: a direct Runge-Kutta integration agrees along the way", () => {
  const system = sparseRegression(5, 9, 3);
  const w0 = unevenShape(9, 2, 1);
  const cases: [Initialization, number[]][] = [
    [{ alpha: 1, depth: 1 }, [0.1, 1, 5]],
    [{ alpha: 1 }, [0.02, 0.1, 0.5, 2]],
    [{ alpha: 0.05 }, [0.2, 0.5, 1, 3, 8]],
    [{ alpha: 0.3, w0 }, [0.1, 0.5, 2, 6]],
    [{ alpha: 0.5, depth: 3 }, [0.05, 0.2, 1, 4]],
    [{ alpha: 0.3, depth: 3, w0 }, [0.1, 0.5, 2, 5]],
    [{ alpha: 0.7, depth: 5 }, [0.05, 0.2, 1, 4]],
  ];
  for (const [start, times] of cases)
    test(`depth ${start.depth ?? 2}, alpha = ${start.alpha}, w0 ${start.w0 ? "uneven" : "ones"}`, () => {
      const expected = weightFlow(system, start, times, 1000);
      const { records, final } = dualFlow(system, start, { times, tolerance: 1e-10 });
      records.forEach(({ time, beta, loss }, k) => {
        expect(time).toBe(times[k]);
        expect(maximumNorm(difference(beta, expected[k])), `t = ${time}`).toBeLessThan(1e-7);
        const residual = Array.from({ length: 5 }, (_, i) =>
          beta.reduce((sum, value, j) => sum + system.X[i * 9 + j] * value, -system.y[i]),
        );
        expect(loss).toBeCloseTo(l2Norm(residual) ** 2 / 5, 12);
      });
      expect(records.length).toBe(times.length);
      expect(final).toEqual(records.at(-1));
    });
});

test("errors follow the tolerance: a hundred times smaller makes the error along the path at least ten times smaller", () => {
  const system = sparseRegression(8, 20, 2);
  const times = [1, 3, 6, 12, 25];
  for (const start of [{ alpha: 0.01 }, { alpha: 0.2, depth: 3 }]) {
    const path = (tolerance: number) => dualFlow(system, start, { times, tolerance }).records;
    const exact = path(1e-12);
    const error = (tolerance: number) =>
      Math.max(...path(tolerance).map(({ beta }, k) => biasGap(beta, exact[k].beta)));
    const errors = [1e-4, 1e-6, 1e-8].map(error);
    expect(errors[0]).toBeLessThan(0.02);
    expect(errors[1]).toBeLessThan(errors[0] / 10);
    expect(errors[2]).toBeLessThan(errors[1] / 10);
  }
});

describe("the flow ends at Q's minimizer", () => {
  const cases: [Initialization, number][] = [
    [{ alpha: 1e-6 }, 1e-6],
    [{ alpha: 1e-2 }, 1e-6],
    [{ alpha: 1 }, 1e-6],
    [{ alpha: 1e3 }, 1e-6],
    [{ alpha: 0.05, depth: 3 }, 1e-6],
    [{ alpha: 0.2, depth: 5 }, 1e-6],
    [{ alpha: 3, depth: 1 }, 1e-6],
  ];
  for (const [start, bound] of cases)
    test(`depth ${start.depth ?? 2}, alpha = ${start.alpha}, uneven w0`, () => {
      const system = sparseRegression(25, 70, 5);
      const uneven = { ...start, w0: unevenShape(70, 2, 6) };
      const { final, nu } = dualFlow(system, uneven, { tolerance: 1e-5 });
      const minimizer = biasMinimizer(system, uneven);
      expect(final.loss).toBeLessThan(1e-15);
      expect(biasGap(final.beta, minimizer.beta)).toBeLessThan(bound);
      expect(biasGap(nu, minimizer.nu)).toBeLessThan(100 * bound);
    });
});

test("depth 4 at alpha = 0.01, where 1 - |z| is 1e-4 of its start, still interpolates", () => {
  const system = sparseRegression(4, 10, 3);
  const { final } = dualFlow(system, { alpha: 0.01, depth: 4 }, { tolerance: 1e-4, stopLoss: 1e-12 });
  expect(biasGap(final.beta, biasMinimizer(system, { alpha: 0.01, depth: 4 }).beta)).toBeLessThan(1e-4);
});

test("the loss never rises along the flow", () => {
  const { records } = dualFlow(
    sparseRegression(10, 30, 1),
    { alpha: 0.01 },
    { times: Array.from({ length: 60 }, (_, k) => k) },
  );
  records.slice(1).forEach(({ loss }, k) => expect(loss).toBeLessThanOrEqual(records[k].loss * (1 + 1e-9)));
});

test("records come in increasing time, start at the zero predictor, and end with stopLoss", () => {
  const system = sparseRegression(5, 9, 3);
  const { records, final } = dualFlow(system, { alpha: 0.5 }, { times: [2, 0, 0.1, 1e6], stopLoss: 1e-10 });
  expect(records.map(({ time }) => time)).toEqual([0, 0.1, 2]);
  expect(maximumNorm(records[0].beta)).toBe(0);
  expect(final.loss).toBeLessThanOrEqual(1e-10);
  expect(final.time).toBeGreaterThan(2);
});

test("targets of zero leave the predictor at zero for all time", () => {
  const system = { ...sparseRegression(5, 9, 3), y: new Float64Array(5) };
  const { records } = dualFlow(system, { alpha: 0.5 }, { times: [1, 1e9] });
  expect(records.map(({ beta }) => maximumNorm(beta))).toEqual([0, 0]);
});

test("with more samples than inputs the flow tends to least squares", () => {
  const system = sparseRegression(30, 6, 2);
  const { final } = dualFlow(system, { alpha: 0.1 }, { times: [1e4] });
  const residual = Float64Array.from({ length: 30 }, (_, i) =>
    final.beta.reduce((sum, value, j) => sum + system.X[i * 6 + j] * value, -system.y[i]),
  );
  for (let j = 0; j < 6; j++)
    expect(residual.reduce((sum, value, i) => sum + value * system.X[i * 6 + j], 0)).toBeCloseTo(0, 7);
});

describe("an impossible flow ends with an error, never a hang", () => {
  const system = sparseRegression(5, 9, 3);
  const cases: [string, () => unknown, new (...parts: never[]) => Error, RegExp][] = [
    [
      "too few steps",
      () => dualFlow(system, { alpha: 1e-3 }, { maxSteps: 5 }),
      ConvergenceError,
      /after 5 steps with loss/,
    ],
    [
      "a loss below the least one",
      () => dualFlow(sparseRegression(30, 6, 2), { alpha: 1 }),
      InfeasibleError,
      /no beta has a loss below/,
    ],
    ["a stopLoss of 0", () => dualFlow(system, { alpha: 1 }, { stopLoss: 0 }), RangeError, /stopLoss is 0/],
    [
      "a negative time",
      () => dualFlow(system, { alpha: 1 }, { times: [1, -1] }),
      RangeError,
      /times hold -1/,
    ],
    [
      "a tolerance of 0",
      () => dualFlow(system, { alpha: 1 }, { tolerance: 0 }),
      RangeError,
      /tolerance is 0/,
    ],
    ["an alpha of 0", () => dualFlow(system, { alpha: 0 }), RangeError, /alpha is 0/],
    [
      "alpha^(D-2) below float64",
      () => dualFlow(system, { alpha: 1e-20, depth: 20 }),
      RangeError,
      /outside float64/,
    ],
  ];
  for (const [name, action, kind, message] of cases)
    test(name, () => {
      expect(action).toThrow(kind);
      expect(action).toThrow(message);
    });
});

test("the saddle is left at the predicted time: for D = 2 ln(size/alpha^2) N / (8 max|X^T y|), for D = 3 as 1/alpha", () => {
  const system = sparseRegression(20, 50, 4);
  const size = 1e-3;
  const force = Float64Array.from({ length: 50 }, (_, j) =>
    system.y.reduce((sum, target, i) => sum + target * system.X[i * 50 + j], 0),
  );
  const predicted = escapeTime(system, { alpha: 1e-6 }, size);
  expect(predicted).toBeCloseTo((Math.log(size / 1e-12) * 20) / (8 * maximumNorm(force)), 10);
  for (const start of [{ alpha: 1e-6 }, { alpha: 1e-3, depth: 3 }]) {
    const time = escapeTime(system, start, size);
    const [before, at, after] = dualFlow(system, start, {
      times: [0.9 * time, time, 1.1 * time],
      tolerance: 1e-9,
    }).records;
    expect(maximumNorm(at.beta) / size).toBeGreaterThan(0.95);
    expect(maximumNorm(at.beta) / size).toBeLessThan(1.05);
    expect(maximumNorm(before.beta)).toBeLessThan(size / 2);
    expect(maximumNorm(after.beta)).toBeGreaterThan(size * 2);
  }
  expect(
    escapeTime(system, { alpha: 1e-4, depth: 3 }, size) / escapeTime(system, { alpha: 1e-3, depth: 3 }, size),
  ).toBeCloseTo(10, 0);
});

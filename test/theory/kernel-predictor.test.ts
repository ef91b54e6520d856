import { describe, expect, test } from "vitest";
import { ConvergenceError } from "../../src/theory/errors.ts";
import { kernelPredictor, signAccuracy } from "../../src/theory/kernel-predictor.ts";
import { maximumNorm } from "../../src/theory/norms.ts";
import { heDeviations, reluTangentKernel } from "../../src/theory/relu-tangent-kernel.ts";
import { normals } from "./sparse-regression.ts";

const inputs = 6;
const initialization = { widths: [16], deviations: heDeviations(inputs, [16]) };
const kernel = (X: Float64Array, Z?: Float64Array) => reluTangentKernel(initialization, inputs, X, Z);

/** X X^T, [rows, rows]. */
function linearKernel(X: Float64Array, columns: number): Float64Array {
  const rows = X.length / columns;
  return Float64Array.from({ length: rows * rows }, (_, k) => {
    const [i, j] = [Math.floor(k / rows) * columns, (k % rows) * columns];
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += X[i + c] * X[j + c];
    return sum;
  });
}

describe("the kernel predictor", () => {
  test("interpolates its training targets at awkward sizes, and says how well", () => {
    for (const samples of [1, 3, 65]) {
      const X = normals(samples * inputs, samples);
      const y = normals(samples, 1);
      const K = kernel(X);
      const predictor = kernelPredictor(K, y);
      const outputs = predictor.predict(K);
      const miss = maximumNorm(outputs.map((value, i) => value - y[i])) / maximumNorm(y);
      expect(predictor.residual).toBeCloseTo(miss, 12);
      // K c - y = -jitter c: at most jitter |c|, plus rounding.
      const bound = (predictor.jitter * maximumNorm(predictor.coefficients)) / maximumNorm(y);
      expect(miss).toBeLessThan(bound + 1e-12);
      expect(miss).toBeGreaterThan(bound - 1e-12);
      expect(miss).toBeLessThan(1e-7);
    }
  });

  test("predicts with the cross kernel: two samples by hand", () => {
    const K = Float64Array.of(2, 1, 1, 3);
    const { predict, coefficients } = kernelPredictor(K, Float64Array.of(1, 4), { jitterShare: 0 });
    // K^-1 y = [3 - 4, -1 + 8] / 5.
    expect(coefficients[0]).toBeCloseTo(-1 / 5, 14);
    expect(coefficients[1]).toBeCloseTo(7 / 5, 14);
    const outputs = predict(Float64Array.of(1, 0, 0, 1, 5, 5));
    [-1 / 5, 7 / 5, 6].forEach((value, i) => expect(outputs[i]).toBeCloseTo(value, 13));
  });

  test("adds the jitter asked for to the diagonal, as a share of its mean", () => {
    const K = Float64Array.of(2, 0, 0, 4);
    const { coefficients, jitter, jitterShare } = kernelPredictor(K, Float64Array.of(1, 1), {
      jitterShare: 1e-3,
    });
    expect([jitter, jitterShare]).toEqual([3e-3, 1e-3]);
    expect(coefficients[0]).toBeCloseTo(1 / 2.003, 14);
    expect(coefficients[1]).toBeCloseTo(1 / 4.003, 14);
    expect(kernelPredictor(K, Float64Array.of(1, 1)).jitterShare).toBe(1e-10);
    expect(kernelPredictor(K, Float64Array.of(1, 1), { jitterShare: 0 }).jitter).toBe(0);
  });

  test("raises the jitter of a singular kernel until every pivot is positive, and reports it", () => {
    const K = linearKernel(normals(9 * 2, 1), 2);
    const y = normals(9, 2);
    const { jitter, jitterShare, coefficients, residual } = kernelPredictor(K, y, { jitterShare: 0 });
    expect(jitter).toBeGreaterThan(0);
    expect(jitterShare).toBeLessThan(1e-12);
    expect(coefficients.every(Number.isFinite)).toBe(true);
    // Nine targets do not lie in a plane: what is left is told.
    expect(residual).toBeGreaterThan(0.1);
  });

  test("takes a kernel that was rounded to float32", () => {
    const X = normals(40 * 2, 5);
    const K = Float64Array.from(linearKernel(X, 2), Math.fround);
    const { jitterShare } = kernelPredictor(K, normals(40, 1));
    // Rounding moves eigenvalues by at most 2^-24 |K|_F, about 40 mean diagonal entries: some 2e-6 of one.
    expect(jitterShare).toBeGreaterThan(1e-10);
    expect(jitterShare).toBeLessThan(1e-5);
  });

  test("reads only the lower triangle", () => {
    const lower = Float64Array.of(2, 1e9, 1, 3);
    const whole = Float64Array.of(2, 1, 1, 3);
    const y = Float64Array.of(1, 4);
    const [a, b] = [kernelPredictor(lower, y), kernelPredictor(whole, y)];
    expect([a.coefficients, a.residual]).toEqual([b.coefficients, b.residual]);
  });

  test("learns a function that its kernel holds: an even and a linear part", () => {
    const target = (X: Float64Array) =>
      Float64Array.from({ length: X.length / inputs }, (_, i) => Math.abs(X[i * inputs]) + X[i * inputs + 1]);
    const X = normals(200 * inputs, 1);
    const Z = normals(300 * inputs, 2);
    const outputs = kernelPredictor(kernel(X), target(X)).predict(kernel(Z, X));
    const truth = target(Z);
    const error = outputs.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0);
    const size = truth.reduce((sum, value) => sum + value ** 2, 0);
    expect(error / size).toBeLessThan(0.1);
  });

  test("refuses what is no kernel, and wrong lengths", () => {
    const y = Float64Array.of(1, 1);
    expect(() => kernelPredictor(Float64Array.of(1, 2, 2, 1), y)).toThrow(ConvergenceError);
    expect(() => kernelPredictor(Float64Array.of(1, 2, 2, 1), y)).toThrow(/not positive semidefinite/);
    expect(() => kernelPredictor(new Float64Array(4), y)).toThrow(/mean diagonal entry is 0/);
    expect(() => kernelPredictor(new Float64Array(3), y)).toThrow("K has 3 entries; 2 targets need 4");
    expect(() => kernelPredictor(Float64Array.of(1, 0, NaN, 1), y)).toThrow("K[1, 0] is NaN");
    expect(() => kernelPredictor(Float64Array.of(1, 0, 0, 1), Float64Array.of(1, Infinity))).toThrow(
      /y\[1\]/,
    );
    expect(() => kernelPredictor(new Float64Array(), new Float64Array())).toThrow(/y is empty/);
    expect(() => kernelPredictor(Float64Array.of(1), Float64Array.of(1), { jitterShare: -1 })).toThrow(
      /jitterShare is -1/,
    );
    const { predict } = kernelPredictor(Float64Array.of(1, 0, 0, 1), y);
    expect(() => predict(new Float64Array(3))).toThrow(/cross kernel has 3 entries/);
  });
});

describe("sign accuracy", () => {
  test("is the share of outputs with their label's sign; zero is wrong", () => {
    expect(signAccuracy([0.1, -3, 0, 2, -0], [1, -1, 1, -1, -1])).toBe(2 / 5);
    expect(signAccuracy(Float64Array.of(-1), Float64Array.of(-1))).toBe(1);
  });

  test("asks for labels of -1 and +1, one an output", () => {
    expect(() => signAccuracy([1, 1], [1, 0])).toThrow("label 1 is 0; an accuracy needs labels of -1 and +1");
    expect(() => signAccuracy([1], [0.5])).toThrow(RangeError);
    expect(() => signAccuracy([1], [NaN])).toThrow(RangeError);
    expect(() => signAccuracy([1], [1, 1])).toThrow("2 labels; 1 outputs need as many");
    expect(() => signAccuracy([], [])).toThrow(RangeError);
  });
});

import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { kernelSpline, linearSpline, reluTangentKernel, univariateKernel } from "../../src/theory/index.ts";

/** The published points: Williams et al. 2019. */
const points = {
  x: Array.from({ length: 9 }, (_, i) => Math.sqrt(3) * (i / 4 - 1)),
  y: [0, 0, 0, 1, 1, 1, 0, 0, 0],
};

test("the linear spline: a plateau at 1, slopes that vary by 16/sqrt(3)", () => {
  const { at, slopeVariation } = linearSpline(points);
  expect(slopeVariation).toBeCloseTo(16 / Math.sqrt(3), 12);
  points.x.forEach((x, i) => expect(at(x)).toBeCloseTo(points.y[i], 14));
  expect(at(0.2)).toBeCloseTo(1, 14);
  expect(at(5)).toBeCloseTo(0, 14);
  expect(at(-0.625 * Math.sqrt(3))).toBeCloseTo(0, 14);
  expect(at(-0.375 * Math.sqrt(3))).toBeCloseTo(0.5, 14);
});

test("it goes on with its outer slopes", () => {
  const { at, slopeVariation } = linearSpline({ x: [2, 0, 1], y: [3, 0, 1] });
  expect([at(-1), at(3), slopeVariation]).toEqual([-1, 5, 1]);
});

describe("limits of the kernel regime", () => {
  for (const [name, shares, highest, place, variation] of [
    ["output layer", { output: 1, input: 0 }, 1.121, 0.2827, 15.34],
    ["both layers", { output: 1, input: 2 }, 1.0196, 0.2147, 10.377],
    ["input layer", { output: 0, input: 1 }, 1.0137, 0.2133, 10.086],
  ] as const)
    test(`${name}: a maximum of ${highest} at ±${place}`, () => {
      const { at, slopeVariation } = kernelSpline(points, shares);
      points.x.forEach((x, i) => expect(at(x)).toBeCloseTo(points.y[i], 10));
      const grid = Array.from({ length: 10_000 }, (_, k) => (k + 1) / 10_000);
      const best = grid.reduce((one, two) => (at(two) > at(one) ? two : one));
      expect(at(best)).toBeCloseTo(highest, 4);
      expect(at(-best)).toBeCloseTo(highest, 4);
      expect(best).toBeCloseTo(place, 3);
      expect(slopeVariation).toBeCloseTo(variation, 2);
      // By differences, between the outermost points.
      const [h, end] = [1e-3, Math.sqrt(3)];
      let sum = 0;
      for (let x = -end + 2 * h; x < end - 2 * h; x += h)
        sum += Math.abs(at(x + h) - 2 * at(x) + at(x - h)) / h;
      expect(sum).toBeCloseTo(slopeVariation, 1);
    });

  test("the kernel is that of a network on inputs (x, 1)", () => {
    const X = Float64Array.from(points.x.flatMap((x) => [x, 1]));
    for (const [output, input] of [
      [1, 2],
      [9, 0.25],
    ]) {
      const deviations = [Math.sqrt(output), Math.sqrt(input)];
      const K = reluTangentKernel({ widths: [1], deviations }, 2, X);
      K.forEach((value, k) => {
        const [i, j] = [Math.floor(k / 9), k % 9];
        expect(univariateKernel(points.x[i], points.x[j], { output, input })).toBeCloseTo(value, 12);
      });
    }
  });

  test("the output layer's is smooth and cubic but for a weight; the natural cubic spline reaches 1.0871", () => {
    const { at, nu } = kernelSpline(points, { output: 1, input: 0 });
    const h = 1e-3;
    for (const x of [-3, -1, 0.1, 0.9, 2]) {
      const second = (at(x + h) - 2 * at(x) + at(x - h)) / h ** 2;
      const expected = nu.reduce((sum, value, i) => sum + value * Math.abs(x - points.x[i]), 0) / Math.PI;
      expect((1 + x * x) ** 2 * second).toBeCloseTo(expected, 3);
    }
    const step = Math.sqrt(3) / 4;
    const system = Matrix.from1DArray(
      7,
      7,
      Array.from({ length: 49 }, (_, k) => [4, 1][Math.abs(Math.floor(k / 7) - (k % 7))] ?? 0),
    );
    const bends = points.y
      .slice(1, -1)
      .map((y, i) => (6 * (points.y[i] - 2 * y + points.y[i + 2])) / step ** 2);
    const moments = [
      0,
      ...new CholeskyDecomposition(system).solve(Matrix.columnVector(bends)).to1DArray(),
      0,
    ];
    // Between 0 and the next point, s from 0 to 1.
    const natural = (s: number) => {
      const [low, high] = [moments[4], moments[5]];
      return (1 - s) * 1 + s * 1 + (step ** 2 / 6) * (((1 - s) ** 3 - (1 - s)) * low + (s ** 3 - s) * high);
    };
    const values = Array.from({ length: 1001 }, (_, k) => natural(k / 1000));
    expect(Math.max(...values)).toBeCloseTo(1.0871, 4);
  });
});

test("what is wrong is named", () => {
  expect(() => linearSpline({ x: [1, 1], y: [0, 1] })).toThrow(/x = 1 comes twice/);
  expect(() => linearSpline({ x: [1], y: [0] })).toThrow(/at least two/);
  expect(() => linearSpline({ x: [1, 2], y: [0] })).toThrow(/2 places and 1 values/);
  expect(() => linearSpline({ x: [1, NaN], y: [0, 1] })).toThrow(/is no point/);
  expect(() => kernelSpline(points, { output: 0, input: 0 })).toThrow(/one positive/);
});

import { describe, expect, test } from "vitest";
import { biasGap, biasMinimizer, dualFlow, implicitBiasGradient } from "../../src/theory/index.ts";
import { integrate } from "../../src/theory/dormand-prince.ts";
import { maximumNorm } from "../../src/theory/norms.ts";
import { sparseRegression, unevenShape } from "./sparse-regression.ts";

const [samples, inputs] = [5, 9];
const system = sparseRegression(samples, inputs, 3);

/** beta at these times, by the flow of all weights. */
function weightsFlow(
  depth: number,
  plus: Float64Array,
  minus: Float64Array,
  times: number[],
): Float64Array[] {
  const w = Float64Array.from([...plus, ...minus]);
  const betas: Float64Array[] = [];
  const beta = () => plus.map((_, i) => w[i] ** depth - w[inputs + i] ** depth);
  const slope = (w: Float64Array, out: Float64Array) => {
    const residual = system.y.map((target, i) => {
      let sum = -target;
      for (let j = 0; j < inputs; j++)
        sum += system.X[i * inputs + j] * (w[j] ** depth - w[inputs + j] ** depth);
      return sum;
    });
    for (let j = 0; j < inputs; j++) {
      const g = residual.reduce((sum, r, i) => sum + (2 / samples) * r * system.X[i * inputs + j], 0);
      out[j] = -depth * w[j] ** (depth - 1) * g;
      out[inputs + j] = depth * w[inputs + j] ** (depth - 1) * g;
    }
  };
  integrate(w, { slope, tolerance: 1e-9, floor: 1e-3, maxSteps: 1e5 }, times, (_, isRecord) => {
    if (isRecord) betas.push(beta());
    return false;
  });
  return betas;
}

describe("copies that start apart", () => {
  for (const depth of [2, 3, 5])
    test(`depth ${depth}: the exact flow is that of the weights, and ends at the minimizer`, () => {
      const [alpha, times] = [0.4, [0.1, 1, 4]];
      const [w0, minus] = [unevenShape(inputs, 3, 1), unevenShape(inputs, 3, 2)];
      minus[4] = 0;
      const start = { alpha, depth, w0, minus };
      const { records } = dualFlow(system, start, { times, tolerance: 1e-10 });
      const scaled = (shape: Float64Array) => shape.map((value) => alpha * value);
      weightsFlow(depth, scaled(w0), scaled(minus), times).forEach((beta, k) => {
        expect(biasGap(records[k].beta, beta)).toBeLessThan(1e-7);
      });
      const { final, nu } = dualFlow(system, start);
      const minimizer = biasMinimizer(system, start);
      expect(biasGap(final.beta, minimizer.beta)).toBeLessThan(1e-6);
      expect(biasGap(nu, minimizer.nu)).toBeLessThan(1e-4);
      expect(minimizer.residual).toBeLessThan(1e-12);
    });

  for (const depth of [2, 4])
    for (const alpha of [1e-3, 0.1, 1, 1e3])
      test(`depth ${depth}, alpha = ${alpha}: copies that start equal are the same by the other way`, () => {
        const w0 = unevenShape(inputs, 2, 5);
        const equal = biasMinimizer(system, { alpha, depth, w0 });
        const apart = biasMinimizer(system, { alpha, depth, w0, minus: w0 });
        expect(biasGap(apart.beta, equal.beta)).toBeLessThan(1e-9);
        const gradient = implicitBiasGradient(apart.beta, { alpha, depth, w0 });
        const image = gradient.map((_, j) =>
          apart.nu.reduce((sum, value, i) => sum + value * system.X[i * inputs + j], 0),
        );
        expect(biasGap(image, gradient)).toBeLessThan(1e-9);
      });

  test("without a negative copy beta stays positive, and what only a negative one reaches is refused", () => {
    const minus = new Float64Array(inputs);
    const truth = unevenShape(inputs, 5, 7);
    const y = system.y.map((_, i) =>
      truth.reduce((sum, value, j) => sum + value * system.X[i * inputs + j], 0),
    );
    const { beta, residual } = biasMinimizer({ ...system, y }, { alpha: 1e-3, minus });
    expect(Math.min(...beta)).toBeGreaterThan(0);
    expect(residual).toBeLessThan(1e-12);
    const one = { samples: 1, inputs: 1, X: Float64Array.of(1), y: Float64Array.of(-1) };
    expect(() => biasMinimizer(one, { alpha: 1, minus: [0] })).toThrow(/was not reached/);
    expect(maximumNorm(dualFlow(one, { alpha: 1, minus: [0] }, { times: [100] }).final.beta)).toBeLessThan(
      0.01,
    );
  });

  test("what is wrong is named", () => {
    const at =
      (minus: number[], depth = 2) =>
      () =>
        biasMinimizer(system, { alpha: 1, depth, minus });
    expect(at([1])).toThrow(/minus has 1 entries/);
    expect(at(Array.from({ length: inputs }, () => -1))).toThrow(/minus\[0\] is -1/);
    expect(
      at(
        Array.from({ length: inputs }, () => 1),
        1,
      ),
    ).toThrow(/minus is given at depth 1/);
  });
});

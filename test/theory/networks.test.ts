import { describe, expect, test } from "vitest";
import {
  barronBound,
  componentDecay,
  conicParticleDescent,
  deconvolutionDraw,
  deconvolutionExcess,
  deconvolutionGap,
  deconvolutionObjective,
  deconvolutionSignal,
  deconvolutionSteps,
  deconvolutionSuccess,
  drawnGaussianError,
  evenParticles,
  gaussianBarronConstant,
  gaussianUnits,
  kernelComponents,
  meanTurn,
  teacherAlignment,
} from "../../src/theory/index.ts";
import { l2Norm } from "../../src/theory/norms.ts";
import { normalDraw } from "./matrix-draws.ts";

const circle = 2 * Math.PI;

describe("Barron's bound", () => {
  test("the Gaussian's constant, known at n = 1, 2, 5, is at most sqrt(n)", () => {
    expect(gaussianBarronConstant(1)).toBeCloseTo(Math.sqrt(2 / Math.PI), 14);
    expect(gaussianBarronConstant(2)).toBeCloseTo(Math.sqrt(Math.PI / 2), 14);
    expect(barronBound(gaussianBarronConstant(5), 1)).toBeCloseTo(18.1, 1);
    for (const n of [1, 3, 10, 100]) {
      expect(gaussianBarronConstant(n)).toBeLessThan(Math.sqrt(n));
      expect(gaussianBarronConstant(n)).toBeGreaterThan(Math.sqrt(n - 1));
    }
    expect([4, 16].map((m) => barronBound(4, m))).toEqual([16, 4]);
  });

  test("n = 5: drawn units err by .749/m, a constant by .0061: the bound says nothing below m = 2981", () => {
    const { errorOfOne, errorOfConstant, variation } = gaussianUnits(5);
    expect(errorOfOne).toBeCloseTo(0.7487, 4);
    expect(errorOfConstant).toBeCloseTo(0.006076, 6);
    expect(variation).toBeCloseTo(2.8436, 4);
    expect(barronBound(gaussianBarronConstant(5), 1) / errorOfConstant).toBeCloseTo(2980, -1);
  });

  test("drawn units: the closed form at m = 4 and 64, within 3 standard errors", () => {
    const { errorOfOne } = gaussianUnits(5);
    for (const [m, networks] of [
      [4, 400],
      [64, 60],
    ]) {
      const { mean, error } = drawnGaussianError(5, m, networks);
      expect(Math.abs(mean - errorOfOne / m)).toBeLessThan(3 * error);
      expect(error).toBeLessThan(mean / 5);
    }
  });
});

describe("sparse deconvolution by conic particle descent", () => {
  const steps = deconvolutionSteps;
  const draws = Array.from({ length: 10 }, (_, k) => deconvolutionDraw(k + 1));

  test("draws are five spikes that are .6 apart, another for every seed", () => {
    for (const { truth } of draws) {
      const gaps = truth.places.map((place, j) =>
        j === 0 ? place - truth.places[4] + circle : place - truth.places[j - 1],
      );
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.6);
      expect(gaps.reduce((sum, gap) => sum + gap)).toBeCloseTo(circle, 12);
    }
    expect(new Set(draws.map(({ truth }) => truth.places[0])).size).toBe(10);
  });

  test("from the spikes themselves it ends at the minimum, as the gap proves", () => {
    for (const { problem, least } of draws) {
      expect(deconvolutionGap(problem, least.particles)).toBeLessThan(1e-5);
      expect(least.objective).toBe(deconvolutionObjective(problem, least.particles));
      expect(deconvolutionGap(problem, evenParticles(8, 0))).toBeGreaterThan(1);
    }
  });

  test("eight particles find all five spikes in ten of ten draws, five particles in at most four", () => {
    const found = (m: number) =>
      draws.filter((draw) => deconvolutionExcess(draw, m) < deconvolutionSuccess).length;
    expect(found(8)).toBe(10);
    expect(found(5)).toBeLessThanOrEqual(4);
  });

  test("where places stay, 64 of them are not enough", () => {
    expect(deconvolutionExcess(draws[0], 64, false)).toBeGreaterThan(0.02);
  });

  test("who looks on sees every step, and changes nothing", () => {
    const seen: number[] = [];
    let last = NaN;
    const excess = deconvolutionExcess(draws[0], 6, true, (step, particles) => {
      seen.push(step);
      last = deconvolutionObjective(draws[0].problem, particles) - draws[0].least.objective;
    });
    expect(seen).toEqual(Array.from({ length: steps.steps + 1 }, (_, step) => step));
    expect(last).toBe(excess);
    expect(excess).toBe(deconvolutionExcess(draws[0], 6));
  });

  test("negative masses feel the opposite potential and stay negative", () => {
    const truth = { places: Float64Array.of(1, 3), masses: Float64Array.of(1, -1) };
    const problem = { signal: deconvolutionSignal(truth, 8), penalty: 0.3 };
    const start = { places: Float64Array.of(1.1, 2.9), masses: Float64Array.of(0.2, -0.2) };
    const { places, masses } = conicParticleDescent(problem, start, steps);
    expect(places[0]).toBeCloseTo(1, 1);
    expect(places[1]).toBeCloseTo(3, 1);
    expect(masses[1]).toBeCloseTo(-masses[0], 6);
    expect(() => conicParticleDescent(problem, start, { ...steps, massStep: 0 })).toThrow(/steps are 0/);
    expect(() => conicParticleDescent({ signal: new Float64Array(4), penalty: 1 }, start, steps)).toThrow(
      /4 coeff/,
    );
  });
});

test("components of a kernel: a residual under its flow decays along each at its own rate", () => {
  const samples = 6;
  const J = normalDraw(samples * 9, 3);
  const K = Float64Array.from({ length: samples ** 2 }, (_, k) => {
    let sum = 0;
    for (let p = 0; p < 9; p++) sum += J[Math.floor(k / samples) * 9 + p] * J[(k % samples) * 9 + p];
    return sum;
  });
  const { eigenvalues, vectors, components } = kernelComponents(K);
  const residual = normalDraw(samples, 4);
  const start = components(residual);
  const meanSquare = (values: Float64Array) => l2Norm(values) ** 2;
  expect(meanSquare(start)).toBeCloseTo(meanSquare(residual) / samples, 12);
  expect(l2Norm(vectors.subarray(0, samples)) ** 2).toBeCloseTo(samples, 12);
  expect([...eigenvalues]).toEqual([...eigenvalues].sort((one, two) => two - one));
  const [steps, time] = [20_000, 0.3];
  for (let step = 0; step < steps; step++) {
    const move = residual.map((_, i) =>
      residual.reduce((sum, value, j) => sum + K[i * samples + j] * value, 0),
    );
    for (let i = 0; i < samples; i++) residual[i] -= ((2 * time) / steps / samples) * move[i];
  }
  components(residual).forEach((value, k) =>
    expect(value / start[k]).toBeCloseTo(componentDecay(eigenvalues[k], time), 3),
  );
  expect(() => kernelComponents(new Float64Array(5))).toThrow(/must be square/);
});

describe("students and teachers", () => {
  const teachers = { incoming: [1, 0, 0, 1], outgoing: [1, -1] };

  test("only teachers of equal sign count, and units by what they do", () => {
    expect(teacherAlignment(teachers, teachers)).toEqual({ alignment: 1, mass: 2 });
    expect(teacherAlignment({ incoming: [0, 1], outgoing: [3] }, teachers)).toEqual({
      alignment: 0,
      mass: 3,
    });
    const two = teacherAlignment({ incoming: [2, 0, 3, 4], outgoing: [1, -2] }, teachers);
    expect(two.alignment).toBeCloseTo((2 * 1 + 10 * 0.8) / 12, 14);
    expect(two.mass).toBeCloseTo(12, 14);
    expect(teacherAlignment({ incoming: [0, 0], outgoing: [0] }, teachers).alignment).toBe(0);
    expect(() => teacherAlignment({ incoming: [1, 2, 3], outgoing: [1] }, teachers)).toThrow(/in common/);
  });

  test("a turn is weighted by what units do at the end", () => {
    const start = { incoming: [1, 0, 1, 0], outgoing: [1, 1] };
    expect(meanTurn(start, { incoming: [0, 3, 1, 0], outgoing: [1, 1] })).toBeCloseTo((90 * 3) / 4, 12);
    expect(meanTurn(start, start)).toBe(0);
  });

  // Chizat et al. 2019, Figure 1a-b: two inputs, 15 samples on the circle, three teachers, ten units and their copies. 10 s.
  if (process.env.CASES === "all")
    test("small weights turn to their teachers, large ones stay: medians of 6 seeds", () => {
      const median = (tau: number, what: (run: ReturnType<typeof student>) => number) => {
        const order = Array.from({ length: 6 }, (_, seed) => what(student(tau, 10 * seed))).sort(
          (one, two) => one - two,
        );
        return (order[2] + order[3]) / 2;
      };
      expect(median(0.1, ({ alignment }) => alignment)).toBeGreaterThan(0.9);
      expect(Math.abs(median(0.1, ({ turn }) => turn) - 29)).toBeLessThan(10);
      expect(Math.abs(median(0.1, ({ mass }) => mass) - 3)).toBeLessThan(0.5);
      expect(median(2, ({ alignment }) => alignment)).toBeLessThan(0.45);
      expect(median(2, ({ turn }) => turn)).toBeLessThan(2);
      expect(median(2, ({ mass }) => mass)).toBeGreaterThan(30);
    });
});

/** Trains ten units, less a copy of them, on half the mean square; what has become of both. */
function student(tau: number, seed: number) {
  const [inputs, samples, units] = [2, 15, 10];
  const unit = (count: number, from: number) => {
    const values = normalDraw(count * inputs, from);
    return values.map((value, k) => value / Math.hypot(values[k - (k % 2)], values[k - (k % 2) + 1]));
  };
  const X = unit(samples, seed + 1);
  const teachers = {
    incoming: unit(3, seed + 2),
    outgoing: normalDraw(3, seed + 3).map(Math.sign),
  };
  const y = Float64Array.from({ length: samples }, (_, i) =>
    teachers.outgoing.reduce((sum, a, k) => {
      const z = teachers.incoming[2 * k] * X[2 * i] + teachers.incoming[2 * k + 1] * X[2 * i + 1];
      return sum + a * Math.max(0, z);
    }, 0),
  );
  const half = normalDraw(units * 2, seed + 4).map((value) => tau * value);
  const out = normalDraw(units, seed + 5).map((value) => tau * value);
  // The copy has outgoing weights of the other sign: its function is taken off.
  const incoming = Float64Array.from([...half, ...half]);
  const outgoing = Float64Array.from([...out, ...out.map((value) => -value)]);
  const start = { incoming: incoming.slice(), outgoing: outgoing.slice() };
  const z = new Float64Array(2 * units * samples);
  for (let step = 0; step < 100_000; step++) {
    const residual = y.map((target) => -target);
    for (let j = 0; j < 2 * units; j++)
      for (let i = 0; i < samples; i++) {
        const value = incoming[2 * j] * X[2 * i] + incoming[2 * j + 1] * X[2 * i + 1];
        z[j * samples + i] = value;
        if (value > 0) residual[i] += outgoing[j] * value;
      }
    for (let j = 0; j < 2 * units; j++) {
      let [ga, gx, gy] = [0, 0, 0];
      for (let i = 0; i < samples; i++) {
        const value = z[j * samples + i];
        if (value <= 0) continue;
        ga += residual[i] * value;
        gx += residual[i] * outgoing[j] * X[2 * i];
        gy += residual[i] * outgoing[j] * X[2 * i + 1];
      }
      const eta = 0.005 / samples;
      outgoing[j] -= eta * ga;
      incoming[2 * j] -= eta * gx;
      incoming[2 * j + 1] -= eta * gy;
    }
  }
  const end = { incoming, outgoing };
  return { ...teacherAlignment(end, teachers), turn: meanTurn(start, end) };
}

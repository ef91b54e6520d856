import { describe, expect, test } from "vitest";
import {
  explicitBias,
  explicitPotential,
  implicitBias,
  implicitBiasGradient,
  implicitPotential,
  implicitPotentialSlope,
  inverseProfile,
  inverseProfileAngle,
  profile,
  profileSlopeAtZero,
} from "../../src/theory/index.ts";
import references from "./potential-references.json" with { type: "json" };
import { normals, unevenShape } from "./sparse-regression.ts";

/** Relative error in units of 2^-53. */
const roundings = (value: number, reference: number) => Math.abs(value / reference - 1) / 2 ** -53;

describe("against 120-digit decimals", () => {
  test("q holds 8 roundings for z from 1e-12 to 1e40, even in z", () => {
    for (const [z, reference] of references.q) {
      expect(roundings(implicitPotential(z), reference), `z = ${z}`).toBeLessThan(8);
      expect(implicitPotential(-z)).toBe(implicitPotential(z));
    }
  });

  test("r holds 16 roundings for z from 1e-12 to 1e40, even in z", () => {
    for (const [z, reference] of references.r) {
      expect(roundings(explicitPotential(z), reference), `z = ${z}`).toBeLessThan(16);
      expect(explicitPotential(-z)).toBe(explicitPotential(z));
    }
  });

  test("h_D holds 32 roundings within 2^-52 of the ends of its domain, odd in z", () => {
    for (const [depth, z, reference] of references.profile) {
      expect(roundings(profile(z, depth), reference), `D = ${depth}, z = ${z}`).toBeLessThan(32);
      expect(profile(-z, depth)).toBe(-profile(z, depth));
    }
  });

  test("h_D's inverse z holds 8 roundings for h from 1e-12 to 1e12, and so does 1 - z through its angle", () => {
    for (const [depth, h, z, gap] of references.inverse) {
      const where = `D = ${depth}, h = ${h}`;
      expect(roundings(inverseProfile(h, depth), z), where).toBeLessThan(8);
      expect(inverseProfile(-h, depth)).toBe(-inverseProfile(h, depth));
      // 1 - tanh v = 2 / (1 + e^(2v)): an error of v counts 2v times.
      const v = inverseProfileAngle(h, depth);
      expect(roundings(2 / (1 + Math.exp(2 * v)), gap) / (1 + 2 * v), where).toBeLessThan(8);
    }
  });

  test("q_D holds 32 roundings for z from 1e-12 to 1e12, even in z", () => {
    for (const [depth, h, , , reference] of references.inverse) {
      expect(roundings(implicitPotential(h, depth), reference), `D = ${depth}, z = ${h}`).toBeLessThan(32);
      expect(implicitPotential(-h, depth)).toBe(implicitPotential(h, depth));
    }
  });
});

test("every potential, profile and inverse is exactly 0 at 0, at every depth", () => {
  for (const depth of [1, 2, 3, 4, 10, 100])
    for (const value of [
      implicitPotential(0, depth),
      implicitPotentialSlope(0, depth),
      profile(0, depth),
      inverseProfile(0, depth),
      explicitPotential(0),
    ])
      expect(value).toBe(0);
});

test("potentials stay finite and rising from the smallest to the largest numbers of float64", () => {
  for (const depth of [2, 3, 10]) {
    let last = 0;
    for (let exponent = -150; exponent <= 300; exponent++) {
      const value = implicitPotential(10 ** exponent, depth);
      expect(value, `D = ${depth}, z = 1e${exponent}`).toBeGreaterThan(last);
      expect(value).toBeLessThan(Infinity);
      last = value;
    }
  }
  expect(explicitPotential(1e300)).toBeCloseTo(1e300, -290);
});

test("for small z, q is z^2/4 and r is z^2/8; for large z, r is |z| and q_D is |z| for every D >= 3", () => {
  expect(implicitPotential(1e-8)).toBeCloseTo(2.5e-17, 30);
  expect(explicitPotential(1e-8)).toBeCloseTo(1.25e-17, 30);
  expect(explicitPotential(1e12) / 1e12).toBeCloseTo(1, 5);
  for (const depth of [3, 5, 10]) {
    const p = depth / (depth - 2);
    expect(profileSlopeAtZero(depth)).toBeCloseTo(2 * p, 14);
    expect(implicitPotential(1e-8, depth) / (1e-16 / (4 * p))).toBeCloseTo(1, 12);
    expect(implicitPotential(1e60, depth) / 1e60).toBeCloseTo(1, 6);
  }
});

test("the inverse undoes the profile at every depth", () => {
  for (const depth of [1, 2, 3, 4, 7, 30])
    for (const z of [-0.9, -0.4, -1e-9, 1e-300, 0.2, 0.5, 0.8])
      expect(inverseProfile(profile(z, depth), depth) / z).toBeCloseTo(1, 13);
});

test("the slope of q_D is h_D's inverse: central differences of q_D agree", () => {
  for (const depth of [1, 2, 3, 4, 6, 12])
    for (const z of [-50, -2, -0.3, 0.01, 0.7, 5, 300]) {
      const step = 1e-5 * Math.abs(z);
      const difference =
        (implicitPotential(z + step, depth) - implicitPotential(z - step, depth)) / (2 * step);
      expect(difference / implicitPotentialSlope(z, depth)).toBeCloseTo(1, 8);
    }
});

test("the gradient of Q agrees with central differences for uneven w0, at depths 1, 2, 3 and 5", () => {
  const inputs = 7;
  const w0 = unevenShape(inputs, 4, 3);
  const beta = normals(inputs, 5);
  for (const depth of [1, 2, 3, 5])
    for (const alpha of [0.2, 1, 3]) {
      const initialization = { depth, alpha, w0 };
      const gradient = implicitBiasGradient(beta, initialization);
      for (let i = 0; i < inputs; i++) {
        const step = 1e-5 * Math.abs(beta[i]);
        const moved = (change: number) => implicitBias(beta.with(i, beta[i] + change), initialization);
        expect(
          (moved(step) - moved(-step)) / (2 * step) / gradient[i],
          `D = ${depth}, alpha = ${alpha}`,
        ).toBeCloseTo(1, 5);
      }
    }
});

test("Q for D = 1 is |beta|^2 / (2 alpha), whatever the shape of w0", () => {
  expect(implicitBias([3, 4], { depth: 1, alpha: 5, w0: [0.3, 20] })).toBeCloseTo(2.5, 14);
});

test("R is the least squared distance from the initial weights: no other weights of the same predictor are nearer", () => {
  const beta = [0.7, -3, 1e-3];
  const w0 = [0.5, 1, 2];
  const alpha = 0.6;
  const nearest = (target: number, start: number) => {
    // w+ = sqrt(target + w-^2): a scan of w-, then a finer one around the best
    let [centre, width, best] = [2, 2, Infinity];
    for (let round = 0; round < 12; round++, width /= 8) {
      const from = centre;
      for (let k = -50; k <= 50; k++) {
        const minus = Math.abs(from + (k / 50) * width);
        const plus = Math.sqrt(Math.abs(target) + minus * minus);
        const distance = (plus - start) ** 2 + (minus - start) ** 2;
        if (distance < best) [best, centre] = [distance, minus];
      }
    }
    return best;
  };
  const expected = beta.reduce((sum, target, i) => sum + nearest(target, alpha * w0[i]), 0);
  expect(explicitBias(beta, { alpha, w0 })).toBeCloseTo(expected, 10);
});

test("an impossible initialization is named: alpha 0, a negative w0, a broken depth, a^D outside float64", () => {
  expect(() => implicitBias([1], { alpha: 0 })).toThrow("alpha is 0; it must be positive");
  expect(() => implicitBias([1, 1], { alpha: 1, w0: [1, -2] })).toThrow("w0[1] is -2");
  expect(() => implicitBias([1, 1], { alpha: 1, w0: [1] })).toThrow(
    "w0 has 1 entries; it needs one an input, 2",
  );
  expect(() => implicitPotential(1, 2.5)).toThrow("depth is 2.5");
  expect(() => profile(1, 0)).toThrow("depth is 0");
  expect(() => inverseProfileAngle(1, 2)).toThrow("depth is 2");
  expect(() => implicitBias([1], { alpha: 1e-20, depth: 20 })).toThrow("outside float64");
  expect(() => explicitBias([1], { alpha: 1, depth: 3 })).toThrow("closed form for depth 2 only");
});

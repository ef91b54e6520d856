/**
 * Copies that start equal (shaders/diagonal_descent.wgsl): d = (w+ - w-) / k, s = (w+ + w- - 2a) / k^2; less the
 * linearized twin's, e of the difference over k^3 and f of the sum over k^2.
 */
import type { Arithmetic } from "./arithmetic.ts";
import {
  type Coordinates,
  type DiagonalStep,
  type StepFormula,
  binomial,
  conserved,
  driftAfter,
  invariantDecay,
  power,
  secondOrder,
} from "./diagonal-step.ts";

/** The shader's `Powers` of a run's input, and its O, E and a^(D-1) of the power D - 1. */
function shaderSums<T>(
  { of, add, mul }: Arithmetic<T>,
  { depth, displacement }: DiagonalStep,
  before: Record<string, number>,
) {
  const [k, a, d, s] = [of(displacement), of(before.a), of(before.d), of(before.s)];
  const [half, one, two] = [of(0.5), of(1), of(2)];
  const k2 = mul(k, k);
  const quarter = (x: T) => mul(mul(half, x), mul(half, x));
  const powers = (count: number, m: T, q: T) => {
    let p = { m: one, F: of(0), O: of(0), O3: of(0), rise: of(0), a: one };
    for (let i = 0; i < count; i++)
      p = {
        m: mul(m, p.m),
        F: add(mul(m, p.F), mul(q, p.O)),
        O: add(mul(m, p.O), add(p.m, mul(k2, p.F))),
        O3: add(mul(m, p.O3), p.F),
        rise: add(mul(m, p.rise), p.a),
        a: mul(a, p.a),
      };
    return p;
  };
  const m = add(a, mul(half, mul(k2, s)));
  let [O, E, base] = [one, s, a];
  if (depth !== 2) {
    const p = powers(depth - 1, m, quarter(d));
    [O, E, base] = [p.O, add(mul(s, p.rise), mul(two, p.F)), p.a];
  }
  return { k2, m, O, E, base, quarter, powers };
}

/** The shader's operations in its order. */
const shader: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, rounded, add, sub, mul, div } = arithmetic;
  type T = typeof gSum;
  const { depth, gap, invariant, decays } = step;
  const [A, decay, k] = [of(step.outputScale), of(step.decay), of(step.displacement)];
  const [a, d, s] = [of(before.a), of(before.d), of(before.s)];
  const [half, one, two, D] = [of(0.5), of(1), of(2), of(depth)];
  const { k2, m, O, E, base, quarter, powers } = shaderSums(arithmetic, step, before);

  const rate = mul(of(step.rate), of(step.scale));
  const g = mul(rate, gSum);
  const Dg = mul(D, g);
  let d1 = sub(d, mul(Dg, add(mul(two, base), mul(k2, E))));
  let s1 = sub(s, mul(Dg, mul(d, O)));
  if (decays) {
    d1 = sub(d1, mul(decay, d));
    s1 = sub(s1, mul(decay, add(mul(two, a), s)));
  }
  const after: Record<string, T> = { d: d1, s: s1 };

  if (invariant) {
    const drift = of(before.drift);
    const kDg = mul(k, Dg);
    let grown = drift;
    const kept = decays ? div(one, sub(one, decay)) : one;
    if (depth === 2) {
      const x = mul(kept, kDg);
      grown = sub(drift, mul(mul(x, x), add(one, drift)));
    } else if (depth > 2) {
      let [plus, minus, unit] = [kDg, kDg, mul(half, kDg)];
      for (let i = 2; i < depth; i++) {
        plus = mul(plus, add(m, mul(half, mul(k, d))));
        minus = mul(minus, sub(m, mul(half, mul(k, d))));
        unit = mul(unit, a);
      }
      const turned = sub(
        secondOrder(arithmetic, depth, mul(kept, plus)),
        secondOrder(arithmetic, depth, mul(mul(of(-1), kept), minus)),
      );
      grown = add(drift, mul(mul(kept, unit), turned));
    }
    if (decays) grown = add(grown, mul(rounded(invariantDecay(depth, step.decay)), add(one, grown)));
    after.drift = grown;
  }

  const m1 = add(a, mul(half, mul(k2, s1)));
  let [O1, rest] = [mul(two, m1), s1];
  if (depth !== 2) {
    const p = powers(depth - 1, m1, quarter(d1));
    const p1 = powers(depth, m1, quarter(d1));
    [O1, rest] = [p1.O, add(mul(D, mul(mul(half, s1), p.rise)), p1.O3)];
  }
  after.beta = mul(A, mul(d1, O1));
  if (gap) {
    const e = of(before.e);
    let e1 = sub(sub(e, mul(mul(mul(two, D), base), mul(rate, hSum))), mul(Dg, E));
    if (decays) {
      const f = of(before.f);
      e1 = sub(e1, mul(decay, e));
      after.f = sub(sub(f, mul(decay, f)), mul(Dg, mul(d, O)));
    }
    after.e = e1;
    after.gamma = mul(A, add(mul(mul(D, base), e1), mul(d1, rest)));
  }
  return after;
};

/**
 * docs/mathematics.md, "Coordinates without cancellation": with d = w+ - w- and s = w+ + w- - 2a,
 * H_K, O_K, O3_K and E_K as sums over binomials.
 */
export function binomialSums<T>(arithmetic: Arithmetic<T>, a: T, d: T, s: T) {
  const { of, add, mul } = arithmetic;
  const pow = (x: T, exponent: number) => power(arithmetic, x, exponent);
  const times = (factor: number, x: T) => mul(of(factor), x);
  const m = add(a, times(0.5, s));
  const q = pow(times(0.5, d), 2);
  const over = (K: number, from: number) => {
    let sum = of(0);
    for (let j = from; j <= K; j += 2)
      sum = add(sum, times(binomial(K, j), mul(pow(m, K - j), pow(q, Math.floor(j / 2)))));
    return sum;
  };
  const H = (K: number) => {
    let sum = of(0);
    for (let i = 0; i < K; i++) sum = add(sum, mul(pow(m, i), pow(a, K - 1 - i)));
    return mul(times(0.5, s), sum);
  };
  return {
    H,
    O: (K: number) => over(K, 1),
    O3: (K: number) => over(K, 3),
    E: (K: number) => times(2, add(H(K), over(K, 2))),
  };
}

/** docs/mathematics.md's step, of plain displacements. */
const binomials: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, add, sub, mul, div } = arithmetic;
  type T = typeof gSum;
  const { depth: D } = step;
  const pow = (x: T, exponent: number) => power(arithmetic, x, exponent);
  const times = (factor: number, x: T) => mul(of(factor), x);
  const k = of(step.displacement);
  const a = of(before.a);
  const mu = of(step.decays ? step.decay : 0);
  const d = mul(k, of(before.d));
  const s = mul(pow(k, 2), of(before.s));

  const c = mul(k, mul(of(step.rate), of(step.scale)));
  const Dg = times(D, mul(c, gSum));
  const slope = times(D, pow(a, D - 1));
  const { O, E } = binomialSums(arithmetic, a, d, s);
  const d1 = sub(sub(d, mul(Dg, add(times(2, pow(a, D - 1)), E(D - 1)))), mul(mu, d));
  const s1 = sub(sub(s, mul(Dg, mul(d, O(D - 1)))), mul(mu, add(times(2, a), s)));
  const next = binomialSums(arithmetic, a, d1, s1);
  const A = div(of(step.outputScale), k);
  const after: Record<string, T> = {
    d: div(d1, k),
    s: div(s1, pow(k, 2)),
    beta: mul(A, mul(d1, next.O(D))),
  };
  if (step.gap) {
    const e = mul(pow(k, 3), of(before.e));
    const h = mul(pow(k, 2), hSum);
    const e1 = sub(sub(sub(e, mul(times(2, slope), mul(c, h))), mul(Dg, E(D - 1))), mul(mu, e));
    const gamma = add(mul(slope, e1), mul(d1, add(times(D, next.H(D - 1)), next.O3(D))));
    after.e = div(e1, pow(k, 3));
    after.gamma = div(mul(A, gamma), pow(k, 2));
    if (step.decays) after.f = sub(mul(sub(of(1), mu), of(before.f)), mul(Dg, mul(d, O(D - 1))));
  }
  return after;
};

/** Plain w+ and w-, the linearized twin's likewise, and the conserved quantity by its definition. */
const plain: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, add, sub, mul, div } = arithmetic;
  type T = typeof gSum;
  const { depth: D } = step;
  const pow = (x: T, exponent: number) => power(arithmetic, x, exponent);
  const [half, two, k] = [of(0.5), of(2), of(step.displacement)];
  const a = of(before.a);
  const A = div(of(step.outputScale), k);
  const mu = of(step.decays ? step.decay : 0);
  const d = mul(k, of(before.d));
  const s = mul(pow(k, 2), of(before.s));
  const plus = add(a, mul(half, add(s, d)));
  const minus = add(a, mul(half, sub(s, d)));

  const c = mul(k, mul(of(step.rate), of(step.scale)));
  const Dg = mul(of(D), mul(c, gSum));
  const plus1 = sub(sub(plus, mul(Dg, pow(plus, D - 1))), mul(mu, plus));
  const minus1 = sub(add(minus, mul(Dg, pow(minus, D - 1))), mul(mu, minus));
  const d1 = sub(plus1, minus1);
  const s1 = sub(add(plus1, minus1), mul(two, a));
  const beta = mul(A, sub(pow(plus1, D), pow(minus1, D)));
  const after: Record<string, T> = { d: div(d1, k), s: div(s1, pow(k, 2)), beta };
  for (const [name, sign] of [
    ["plus", -1],
    ["minus", 1],
  ] as const)
    if (name in before) {
      const weight = of(before[name]);
      const moved = add(weight, mul(mul(of(sign), Dg), pow(weight, D - 1)));
      after[name] = sub(moved, mul(mu, weight));
    }
  if (step.gap) {
    // The linearized residual is r - h; its copies move along J0 = +-D a^(D-1).
    const slope = mul(of(D), pow(a, D - 1));
    const rbar = sub(gSum, mul(pow(k, 2), hSum));
    const dbar = sub(d, mul(pow(k, 3), of(before.e)));
    const sbar = step.decays ? sub(s, of(before.f)) : of(0);
    const dbar1 = sub(sub(dbar, mul(mul(two, slope), mul(c, rbar))), mul(mu, dbar));
    const sbar1 = sub(sbar, mul(mu, add(mul(two, a), sbar)));
    after.e = div(sub(d1, dbar1), pow(k, 3));
    after.gamma = div(sub(beta, mul(A, mul(slope, dbar1))), pow(k, 2));
    if (step.decays) after.f = sub(s1, sbar1);
  }
  if ("drift" in before)
    after.drift = driftAfter(arithmetic, step, of(before.drift), [
      conserved(arithmetic, D, a, a),
      conserved(arithmetic, D, plus, minus),
      conserved(arithmetic, D, plus1, minus1),
    ]);
  return after;
};

/** The shader's time derivative in its order; `plus` and `minus` are w+ and w- themselves. */
const shaderSlope: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, add, sub, mul } = arithmetic;
  type T = typeof gSum;
  const { depth, gap, invariant, decays } = step;
  const decay = of(decays ? step.decay : 0);
  const [a, d, s, D] = [of(before.a), of(before.d), of(before.s), of(depth)];
  const { k2, O, E, base } = shaderSums(arithmetic, step, before);
  const rate = mul(of(step.rate), of(step.scale));
  const Dg = mul(D, mul(rate, gSum));
  const down = mul(of(-1), Dg);
  const slope: Record<string, T> = {
    d: sub(mul(down, add(mul(of(2), base), mul(k2, E))), mul(decay, d)),
    s: mul(down, mul(d, O)),
  };
  if (decays) slope.s = sub(slope.s, mul(decay, add(mul(of(2), a), s)));
  if (gap) {
    const linear = mul(mul(mul(of(-2), D), base), mul(rate, hSum));
    slope.e = sub(sub(linear, mul(Dg, E)), mul(decay, of(before.e)));
    if (decays) slope.f = sub(mul(down, mul(d, O)), mul(decay, of(before.f)));
  }
  if (invariant)
    for (const [name, sign] of [
      ["plus", -1],
      ["minus", 1],
    ] as const) {
      const weight = of(before[name]);
      let change = mul(mul(of(sign), of(step.displacement)), Dg);
      for (let i = 1; i < depth; i++) change = mul(change, weight);
      slope[name] = sub(change, mul(decay, weight));
    }
  return slope;
};

export const equalCopies: Coordinates = {
  layout: ({ gap, invariant, decays, flow }) => [
    "a",
    "d",
    "s",
    ...(gap ? ["e"] : []),
    ...(gap && decays ? ["f"] : []),
    ...(invariant ? (flow ? ["plus", "minus"] : ["drift"]) : []),
  ],
  places: (layout) => ({
    GAP: Math.max(0, layout.indexOf("e")),
    GAP_SUM: Math.max(0, layout.indexOf("f")),
    INVARIANT: Math.max(0, layout.indexOf("drift"), layout.indexOf("plus")),
  }),
  visit(a, t, { depth: D, displacement: k }, draws) {
    const d = Math.fround((2 * a * Math.sinh(t)) / k);
    const s = Math.fround(a * ((2 * Math.sinh(t / 2)) / k) ** 2);
    const gap = (Math.tanh(t) / k) ** 2;
    const [plus, minus] = [a + (k * k * s + k * d) / 2, a + (k * k * s - k * d) / 2];
    let drift = (k * k * s) / (2 * a);
    if (D === 2) drift = (k * k * (a * s + (k * k * s * s - d * d) / 4)) / (a * a);
    if (D > 2) drift = (plus ** (2 - D) + minus ** (2 - D)) / (2 * a ** (2 - D)) - 1;
    return {
      fields: {
        a,
        d,
        s,
        e: d * gap * (1 + 0.5 * draws[0]),
        f: s * (1 + 0.1 * draws[1]),
        // A little off what the weights say, as in training.
        drift: drift + 1e-5 * draws[2],
        plus,
        minus,
      },
      weight: a * Math.exp(Math.abs(t)),
      displacement: Math.abs(d),
      gap,
    };
  },
  shader,
  references: [binomials, plain],
  shaderSlope,
};

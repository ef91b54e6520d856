/**
 * Copies that start apart, at a and b (shaders/diagonal_split_descent.wgsl): displacements p = w+ - a and m = w- - b, and
 * those less the linearized twin's, pGap and mGap.
 */
import type { Arithmetic } from "./arithmetic.ts";
import {
  type Coordinates,
  type StepFormula,
  binomial,
  conserved,
  driftAfter,
  invariantDecay,
  power,
  secondOrder,
} from "./diagonal-step.ts";

/** The shader's rise, bend and power of a weight that starts at `start`. */
function growth<T>({ of, add, mul }: Arithmetic<T>, count: number, start: T, displacement: T) {
  const w = add(start, displacement);
  let grown = { rise: of(0), bend: of(0), a: of(1) };
  for (let i = 0; i < count; i++)
    grown = {
      rise: add(mul(w, grown.rise), grown.a),
      bend: add(mul(start, grown.bend), grown.rise),
      a: mul(start, grown.a),
    };
  return grown;
}

/** The shader's operations in its order. */
const shader: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, rounded, add, sub, mul, div } = arithmetic;
  type T = typeof gSum;
  const { depth, gap, invariant, decays } = step;
  const [A, D, one] = [of(step.outputScale), of(depth), of(1)];
  const decay = of(decays ? step.decay : 0);
  const [a, b, p, m] = [of(before.a), of(before.b), of(before.p), of(before.m)];
  const rate = mul(of(step.rate), of(step.scale));
  const Dg = mul(D, mul(rate, gSum));
  const minusDg = mul(of(-1), Dg);
  const [plus, minus] = [growth(arithmetic, depth - 1, a, p), growth(arithmetic, depth - 1, b, m)];
  const [plusChange, minusChange] = [mul(p, plus.rise), mul(m, minus.rise)];
  const moved = (start: T, displacement: T, direction: T, base: T, change: T) =>
    sub(add(displacement, mul(direction, add(base, change))), mul(decay, add(start, displacement)));
  const p1 = moved(a, p, minusDg, plus.a, plusChange);
  const m1 = moved(b, m, Dg, minus.a, minusChange);
  const after: Record<string, T> = { p: p1, m: m1 };

  if (invariant) {
    const drift = of(before.drift);
    let grown = drift;
    const kept = decays ? div(one, sub(one, decay)) : one;
    if (depth === 2) {
      const x = mul(kept, Dg);
      grown = sub(drift, mul(mul(x, x), add(one, drift)));
    } else if (depth > 2) {
      let [x, y] = [mul(kept, Dg), mul(mul(of(-1), kept), Dg)];
      let [inverseA, inverseB] = [one, one];
      for (let i = 2; i < depth; i++) {
        [x, y] = [mul(x, add(a, p)), mul(y, add(b, m))];
        [inverseA, inverseB] = [mul(inverseA, a), mul(inverseB, b)];
      }
      const start = add(div(one, inverseA), div(one, inverseB));
      const turned = sub(secondOrder(arithmetic, depth, x), secondOrder(arithmetic, depth, y));
      grown = add(drift, div(mul(mul(kept, Dg), turned), start));
    }
    if (decays) grown = add(grown, mul(rounded(invariantDecay(depth, step.decay)), add(one, grown)));
    after.drift = grown;
  }

  const [plus1, minus1] = [growth(arithmetic, depth, a, p1), growth(arithmetic, depth, b, m1)];
  after.beta = mul(A, sub(mul(p1, plus1.rise), mul(m1, minus1.rise)));
  if (gap) {
    const slope = mul(rate, hSum);
    const closed = (gap: T, direction: T, change: T, D: T, base: T) =>
      sub(add(add(gap, mul(direction, change)), mul(mul(D, base), slope)), mul(decay, gap));
    const pGap = closed(of(before.pGap), minusDg, plusChange, of(-depth), plus.a);
    const mGap = closed(of(before.mGap), Dg, minusChange, D, minus.a);
    const bent = sub(mul(mul(p1, p1), plus1.bend), mul(mul(m1, m1), minus1.bend));
    after.pGap = pGap;
    after.mGap = mGap;
    after.gamma = mul(A, add(bent, mul(D, sub(mul(plus.a, pGap), mul(minus.a, mGap)))));
  }
  return after;
};

/** The shader's time derivative in its order. */
const shaderSlope: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, add, sub, mul } = arithmetic;
  type T = typeof gSum;
  const { depth, gap, decays } = step;
  const decay = of(decays ? step.decay : 0);
  const rate = mul(of(step.rate), of(step.scale));
  const up = mul(of(depth), mul(rate, gSum));
  const slope: Record<string, T> = {};
  for (const [name, gapName, start, sign] of [
    ["p", "pGap", "a", -1],
    ["m", "mGap", "b", 1],
  ] as const) {
    const [w0, moved] = [of(before[start]), of(before[name])];
    const direction = mul(of(sign), up);
    const { rise, a: base } = growth(arithmetic, depth - 1, w0, moved);
    const change = mul(moved, rise);
    slope[name] = sub(mul(direction, add(base, change)), mul(decay, add(w0, moved)));
    if (!gap) continue;
    const linear = mul(mul(of(sign * depth), base), mul(rate, hSum));
    slope[gapName] = sub(add(mul(direction, change), linear), mul(decay, of(before[gapName])));
  }
  return slope;
};

/** docs/mathematics.md, "w0+ different from w0-": binomial sums R of each displacement. */
const binomials: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, add, sub, mul } = arithmetic;
  type T = typeof gSum;
  const { depth: D } = step;
  const pow = (x: T, exponent: number) => power(arithmetic, x, exponent);
  const mu = of(step.decays ? step.decay : 0);
  const A = of(step.outputScale);
  const c = mul(of(step.rate), of(step.scale));
  const g = mul(c, gSum);
  const q = mul(c, hSum);
  /** Sum over j >= low of C(K, j) a^(K-j) delta^j. */
  const R = (K: number, low: number, a: T, delta: T) => {
    let sum = of(0);
    for (let j = low; j <= K; j++) sum = add(sum, mul(of(binomial(K, j)), mul(pow(a, K - j), pow(delta, j))));
    return sum;
  };
  const copy = (start: number, moved: number, gap: number, sign: 1 | -1) => {
    const [a, delta, error] = [of(start), of(moved), of(gap)];
    const J = mul(of(D), pow(a, D - 1));
    const P = mul(of(D), R(D - 1, 1, a, delta));
    const down = (x: T, by: T) => sub(x, mul(of(sign), by));
    const delta1 = sub(down(delta, mul(add(J, P), g)), mul(mu, add(a, delta)));
    const error1 = sub(down(error, add(mul(P, g), mul(J, q))), mul(mu, error));
    return {
      moved: delta1,
      gap: error1,
      beta: R(D, 1, a, delta1),
      gamma: add(R(D, 2, a, delta1), mul(J, error1)),
    };
  };
  const plus = copy(before.a, before.p, step.gap ? before.pGap : 0, 1);
  const minus = copy(before.b, before.m, step.gap ? before.mGap : 0, -1);
  return {
    p: plus.moved,
    m: minus.moved,
    beta: mul(A, sub(plus.beta, minus.beta)),
    ...(step.gap ? { pGap: plus.gap, mGap: minus.gap, gamma: mul(A, sub(plus.gamma, minus.gamma)) } : {}),
  };
};

/** Plain w+ and w-, the linearized twin's likewise, and the conserved quantity by its definition. */
const plain: StepFormula = (arithmetic, step, before, gSum, hSum) => {
  const { of, add, sub, mul } = arithmetic;
  type T = typeof gSum;
  const { depth: D } = step;
  const pow = (x: T, exponent: number) => power(arithmetic, x, exponent);
  const mu = of(step.decays ? step.decay : 0);
  const A = of(step.outputScale);
  const c = mul(of(step.rate), of(step.scale));
  const copy = (start: number, moved: number, gap: number, sign: 1 | -1) => {
    const a = of(start);
    const w = add(a, of(moved));
    const wbar = sub(w, of(gap));
    const slope = (x: T) => mul(of(sign * D), pow(x, D - 1));
    const w1 = sub(sub(w, mul(slope(w), mul(c, gSum))), mul(mu, w));
    const wbar1 = sub(sub(wbar, mul(slope(a), mul(c, sub(gSum, hSum)))), mul(mu, wbar));
    const beta = mul(of(sign), sub(pow(w1, D), pow(a, D)));
    return { a, w, w1, wbar1, beta, linear: mul(slope(a), sub(wbar1, a)) };
  };
  const plus = copy(before.a, before.p, step.gap ? before.pGap : 0, 1);
  const minus = copy(before.b, before.m, step.gap ? before.mGap : 0, -1);
  const beta = add(plus.beta, minus.beta);
  const after: Record<string, T> = {
    p: sub(plus.w1, plus.a),
    m: sub(minus.w1, minus.a),
    beta: mul(A, beta),
  };
  if (step.gap) {
    after.pGap = sub(plus.w1, plus.wbar1);
    after.mGap = sub(minus.w1, minus.wbar1);
    after.gamma = mul(A, sub(beta, add(plus.linear, minus.linear)));
  }
  if ("drift" in before)
    after.drift = driftAfter(arithmetic, step, of(before.drift), [
      conserved(arithmetic, D, plus.a, minus.a),
      conserved(arithmetic, D, plus.w, minus.w),
      conserved(arithmetic, D, plus.w1, minus.w1),
    ]);
  return after;
};

export const splitCopies: Coordinates = {
  layout: ({ gap, invariant, flow }) => [
    "a",
    "b",
    "p",
    "m",
    ...(gap ? ["pGap", "mGap"] : []),
    ...(invariant && !flow ? ["drift"] : []),
  ],
  places: (layout) => ({
    GAP: Math.max(0, layout.indexOf("pGap")),
    INVARIANT: Math.max(0, layout.indexOf("drift")),
  }),
  visit(a, t, { depth: D }, draws) {
    const b = Math.fround(a * (1 + 0.3 * draws[3]));
    const [p, m] = [Math.fround(a * Math.expm1(t)), Math.fround(b * Math.expm1(-t))];
    const gap = Math.tanh(t) ** 2;
    const I = (plus: number, minus: number) =>
      D === 1 ? plus + minus : D === 2 ? plus * minus : plus ** (2 - D) + minus ** (2 - D);
    return {
      fields: {
        a,
        b,
        p,
        m,
        pGap: p * gap * (1 + 0.5 * draws[0]),
        mGap: m * gap * (1 + 0.5 * draws[1]),
        drift: I(a + p, b + m) / I(a, b) - 1 + 1e-5 * draws[2],
      },
      weight: Math.max(a + p, b + m),
      displacement: Math.abs(p - m),
      gap,
    };
  },
  shader,
  references: [binomials, plain],
  shaderSlope,
};

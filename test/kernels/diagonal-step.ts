/** What the diagonal kernels' mirrors and references share: one step of one run at one input. */
import type { Arithmetic } from "./arithmetic.ts";

export interface DiagonalStep {
  depth: number;
  gap: boolean;
  invariant: boolean;
  decays: boolean;
  rate: number;
  scale: number;
  outputScale: number;
  decay: number;
  /** k: the unit of w+ - w-. */
  displacement: number;
}

/**
 * A step by one formula: from the state's fields by name, and the sums over the batch of X r and X h, to the fields
 * after it and the predictors beta and gamma. What a formula does not say is left out.
 */
export type StepFormula = <T>(
  arithmetic: Arithmetic<T>,
  step: DiagonalStep,
  before: Record<string, number>,
  gSum: T,
  hSum: T,
) => Record<string, T>;

/** A way to store weights: how a kernel does its step, and other formulas for the same. */
export interface Coordinates {
  /** Names of the state's fields, in order. */
  layout(features: Pick<DiagonalStep, "gap" | "invariant" | "decays"> & { flow: boolean }): string[];
  /** The kernel's overrides that say where optional fields are. */
  places(layout: readonly string[]): Record<string, number>;
  /**
   * A state that training may visit: weights a exp(t) and a exp(-t), all in the run's units.
   *
   * @param draws numbers in [-1, 1]
   */
  visit(
    a: number,
    t: number,
    step: Pick<DiagonalStep, "depth" | "displacement">,
    draws: Float32Array,
  ): Visited;
  shader: StepFormula;
  references: StepFormula[];
  /** The state's time derivative, as the kernel computes it with FLOW. */
  shaderSlope: StepFormula;
}

/** The time derivative by a formula for steps: what a step changes at the same rate. */
export const slopeOf =
  (formula: StepFormula): StepFormula =>
  (arithmetic, step, before, gSum, hSum) => {
    const after = formula(arithmetic, step, before, gSum, hSum);
    const changed = Object.keys(after).filter((name) => name in before);
    return Object.fromEntries(
      changed.map((name) => [name, arithmetic.sub(after[name], arithmetic.of(before[name]))]),
    );
  };

export interface Visited {
  fields: Record<string, number>;
  /** The larger weight, |w+ - w-| over k, and the size of f - fbar over k^2. */
  weight: number;
  displacement: number;
  gap: number;
}

/** What l2 alone does to the conserved quantity: (1 - mu)^2 - 1, or (1 - mu)^(2 - D) - 1. */
export const invariantDecay = (depth: number, decay: number): number =>
  depth === 2 ? decay * decay - 2 * decay : Math.expm1((2 - depth) * Math.log1p(-decay));

/** What the flow conserves: w+ + w- (D = 1), w+ w- (D = 2), w+^(2-D) + w-^(2-D). */
export function conserved<T>(arithmetic: Arithmetic<T>, depth: number, plus: T, minus: T): T {
  const { add, mul } = arithmetic;
  if (depth === 1) return add(plus, minus);
  if (depth === 2) return mul(plus, minus);
  return add(power(arithmetic, plus, 2 - depth), power(arithmetic, minus, 2 - depth));
}

/** I / I(0) - 1 after a step, from the stored one and I(0), I before and I after. */
export function driftAfter<T>(
  arithmetic: Arithmetic<T>,
  { depth, decays, decay }: DiagonalStep,
  drift: T,
  [start, before, after]: [T, T, T],
): T {
  const { of, add, sub, mul, div } = arithmetic;
  if (depth <= 2) return sub(mul(add(of(1), drift), div(after, before)), of(1));
  // The stored one is a little off I / I(0) - 1, by what only l2 changes.
  const kept = decays ? power(arithmetic, sub(of(1), of(decay)), 2 - depth) : of(1);
  const off = sub(drift, sub(div(before, start), of(1)));
  return add(sub(div(after, start), of(1)), mul(kept, off));
}

export function power<T>({ of, mul, div }: Arithmetic<T>, x: T, k: number): T {
  let value = of(1);
  for (let i = 0; i < Math.abs(k); i++) value = mul(value, x);
  return k < 0 ? div(of(1), value) : value;
}

export function binomial(k: number, j: number): number {
  let value = 1;
  for (let i = 0; i < j; i++) value = (value * (k - i)) / (i + 1);
  return value;
}

/** The shaders' ((1 - x)^-k - 1 - k x) / x for k = D - 2. */
export function secondOrder<T>({ of, add, sub, mul, div }: Arithmetic<T>, depth: number, x: T): T {
  const one = of(1);
  let [P, Q, power] = [of(0), of(0), one];
  for (let j = 2; j < depth; j++) {
    Q = add(Q, power);
    P = add(mul(sub(one, x), P), Q);
    power = mul(power, sub(one, x));
  }
  return div(mul(x, P), power);
}

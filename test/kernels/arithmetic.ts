/**
 * The arithmetic that a kernel's formula is evaluated in. A mirror is written once, in the kernel's order of operations,
 * and serves twice: in `float32` it gives the kernel's bits (tier 1), in `bounded` the exact value and an error bound
 * that holds on every adapter (tier 2).
 */
export interface Arithmetic<T> {
  /** An exact number. */
  of(value: number): T;
  /** A number that the kernel is given rounded to float32. */
  rounded(value: number): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
}

/** Every result rounded to float32, as the software adapter does; no fused multiply-add. */
export const float32: Arithmetic<number> = {
  of: Math.fround,
  rounded: Math.fround,
  add: (a, b) => Math.fround(a + b),
  sub: (a, b) => Math.fround(a - b),
  mul: (a, b) => Math.fround(a * b),
  div: (a, b) => Math.fround(a / b),
};

/** A value, and what a computed one is off by at most. */
export interface Bounded {
  value: number;
  error: number;
}

/** Smallest normal float32: what is below may be flushed to zero. */
const TINY = 2 ** -126;

/**
 * Running error analysis (Higham 2002, Section 3.3): each operation adds its rounding, at most `unit` of the largest
 * result that its operands' errors allow, to what the errors of its operands make of it. A fused multiply-add leaves a
 * rounding out, so the bound covers it. WGSL's division may be off by 2.5 units in the last place, 5 `unit`.
 * `value` is computed in float64 (another 2^-53 an operation), and results below 2^-126 may be lost.
 *
 * @param unit unit roundoff: 2^-24 for a float32 kernel, 2^-53 for a float64 reference
 */
export function bounded(unit: number): Arithmetic<Bounded> {
  const result = (value: number, propagated: number, roundings = 1): Bounded => ({
    value,
    error: propagated + (roundings * unit + 2 ** -53) * (Math.abs(value) + propagated) + TINY,
  });
  return {
    of: (value) => ({ value, error: value !== 0 && Math.abs(value) < TINY ? TINY : 0 }),
    rounded: (value) => ({ value, error: unit * Math.abs(value) + TINY }),
    add: (a, b) => result(a.value + b.value, a.error + b.error),
    sub: (a, b) => result(a.value - b.value, a.error + b.error),
    mul: (a, b) =>
      result(
        a.value * b.value,
        Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error,
      ),
    div: (a, b) => {
      const least = Math.abs(b.value) - b.error;
      const value = a.value / b.value;
      return result(value, least > 0 ? (a.error + Math.abs(value) * b.error) / least : Infinity, 5);
    },
  };
}

/** Bounds of a float32 kernel on any adapter. */
export const single = bounded(2 ** -24);

/** Bounds of a float64 reference. */
export const double = bounded(2 ** -53);

export const values = (numbers: readonly Bounded[]): Float64Array =>
  Float64Array.from(numbers, ({ value }) => value);

/**
 * What a kernel may be off from a float64 reference: its own error bound, plus the reference's.
 *
 * @param kernel the kernel's formula in `single`
 * @param reference another formula for the same number, in `double`
 */
export const errors = (kernel: readonly Bounded[], reference?: readonly Bounded[]): Float64Array =>
  Float64Array.from(kernel, ({ error }, i) => error + (reference?.[i]?.error ?? 0));

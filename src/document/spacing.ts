/** NumPy's ways to space numbers, to the last digit. */

import { powerOfTen } from "./power-of-ten.ts";

/** `np.linspace(lo, hi, count)`: both ends included. */
export function linspace(lo: number, hi: number, count: number): number[] {
  if (count === 1) return [lo];
  const step = (hi - lo) / (count - 1);
  const values = Array.from({ length: count }, (_, i) =>
    // NumPy takes the other order where the step underflows.
    step === 0 ? (i / (count - 1)) * (hi - lo) + lo : i * step + lo,
  );
  values[count - 1] = hi;
  return values;
}

/** `np.logspace(lo, hi, count)`: 10^lo ... 10^hi. */
export const logspace = (lo: number, hi: number, count: number): number[] =>
  linspace(lo, hi, count).map(powerOfTen);

/** Entries of `np.arange(start, stop, step)`; not a finite number where step is 0. */
export const arangeLength = (start: number, stop: number, step: number): number =>
  Math.max(0, Math.ceil((stop - start) / step));

/** `np.arange(start, stop, step)`. */
export function arange(start: number, stop: number, step: number): number[] {
  // NumPy works out the second entry, and goes on in steps of its distance to the first.
  const distance = start + step - start;
  return Array.from({ length: arangeLength(start, stop, step) }, (_, i) =>
    i === 1 ? start + step : start + i * distance,
  );
}

/** Where an axis has its labels, and what they say. */

import { range, ticks } from "d3";
import { formatNumber, formatPower } from "./format.ts";

export interface Ticks {
  values: number[];
  format: (value: number) => string;
}

/** Decades that read better as decimals. */
const decimalDecades = { lowest: -3, highest: 4 };

/** Ticks of a linear axis, about `count` of them. */
export const linearTicks = (domain: readonly [number, number], count: number): Ticks => ({
  values: ticks(domain[0], domain[1], count),
  format: (value) => formatNumber(value),
});

/** Ticks of a logarithmic axis: powers of ten where it spans enough of them, else 1, 2, 5 of each, else even steps. */
export function logTicks(domain: readonly [number, number], count: number): Ticks {
  const first = Math.ceil(Math.log10(domain[0]) - 1e-9);
  const last = Math.floor(Math.log10(domain[1]) + 1e-9);
  if (last - first >= 2) {
    const step = Math.ceil((last - first + 1) / count);
    const exponents = range(Math.ceil(first / step) * step, last + 1, step);
    const plain = first >= decimalDecades.lowest && last <= decimalDecades.highest;
    return {
      values: exponents.map((exponent) => 10 ** exponent),
      format: (value) => (plain ? formatNumber(value) : formatPower(Math.round(Math.log10(value)))),
    };
  }
  const steps = range(first - 1, last + 1)
    .flatMap((exponent) => [1, 2, 5].map((digit) => digit * 10 ** exponent))
    .filter((value) => value >= domain[0] && value <= domain[1]);
  return steps.length >= 3
    ? { values: steps, format: (value) => formatNumber(value) }
    : linearTicks(domain, Math.min(count, 5));
}

/** Ticks of an axis that begins at 0 and is logarithmic above a constant: 0, and the logarithm's. */
export function symlogTicks(domain: readonly [number, number], constant: number, count: number): Ticks {
  if (!(domain[1] > 2 * constant)) return linearTicks(domain, count);
  const { values, format } = logTicks([constant, domain[1]], Math.max(2, count - 1));
  return { values: [0, ...values], format: (value) => (value === 0 ? "0" : format(value)) };
}

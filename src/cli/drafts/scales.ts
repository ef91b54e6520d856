/** Values of alpha as they are written on a command line. */

export interface Scales {
  values: readonly number[];
  /** As an axis of a sweep; undefined where it is one value. */
  axis?: { logspace: [number, number, number] } | { values: number[] };
}

const digits = 4;
const mostValues = 1000;

/**
 * Reads one value, a list (0.1,1,10), or lowest:highest:count, spaced in the logarithm.
 *
 * @returns undefined where it is none of them
 */
export function readScales(text: string): Scales | undefined {
  const range = text.split(":");
  if (range.length === 3) return spaced(range.map(positive));
  if (range.length > 1) return undefined;
  const values = text.split(",").map(positive);
  if (values.some((value) => value === undefined) || new Set(values).size < values.length) return undefined;
  const known = values as number[];
  return known.length > 1 ? { values: known, axis: { values: known } } : { values: known };
}

export const scalesForm = "a positive number, a list as 0.1,1,10, or lowest:highest:count as 1e-3:1e2:12";

function positive(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value > 0 ? value : undefined;
}

function spaced([low, high, count]: (number | undefined)[]): Scales | undefined {
  if (low === undefined || high === undefined || count === undefined) return undefined;
  if (!Number.isInteger(count) || count < 2 || count > mostValues || low >= high) return undefined;
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const values = Array.from({ length: count }, (_, place) =>
    shortened(10 ** (from + ((to - from) * place) / (count - 1))),
  );
  // Powers of ten are read as such; other ends would be logarithms that nobody recognizes.
  const isPlain = Number.isInteger(from) && Number.isInteger(to);
  return { values, axis: isPlain ? { logspace: [from, to, count] } : { values } };
}

const shortened = (value: number): number => Number(value.toPrecision(digits));

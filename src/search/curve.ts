/** A smooth curve through noisy means, and where it crosses a height. */

/** c0 + c1 x + c2 x^2, nearest to the points in weighted least squares; a line through two points, which has c2 = 0. */
export type Parabola = readonly [c0: number, c1: number, c2: number];

/** @param xs at least two different ones, of the order of 1 */
export function fitParabola(
  xs: readonly number[],
  ys: readonly number[],
  weights: readonly number[],
): Parabola {
  const terms = new Set(xs).size > 2 ? 3 : 2;
  const moment = (power: number, values?: readonly number[]): number =>
    xs.reduce((sum, x, k) => sum + weights[k] * x ** power * (values ? values[k] : 1), 0);
  const rows = Array.from({ length: terms }, (_, i) => [
    ...Array.from({ length: terms }, (_, j) => moment(i + j)),
    moment(i, ys),
  ]);
  for (let i = 0; i < terms; i++)
    for (let j = i + 1; j < terms; j++) {
      const ratio = rows[j][i] / rows[i][i];
      for (let k = i; k <= terms; k++) rows[j][k] -= ratio * rows[i][k];
    }
  const coefficients = [0, 0, 0];
  for (let i = terms - 1; i >= 0; i--) {
    const known = coefficients.slice(i + 1, terms).reduce((sum, c, k) => sum + c * rows[i][i + 1 + k], 0);
    coefficients[i] = (rows[i][terms] - known) / rows[i][i];
  }
  return coefficients as unknown as Parabola;
}

export const heightAt = ([c0, c1, c2]: Parabola, x: number): number => c0 + x * (c1 + x * c2);

/**
 * Where a curve rises through zero between two ends. One that does not is at the end towards which it would, or, where it turns
 * before it gets there, at its turning point.
 */
export function risingRoot([c0, c1, c2]: Parabola, low: number, high: number): number {
  const within = (x: number): number => Math.min(Math.max(x, low), high);
  const discriminant = c1 * c1 - 4 * c2 * c0;
  if (discriminant < 0) return within(-c1 / (2 * c2));
  const slope = Math.sqrt(discriminant);
  // Of the two forms of the root, the one that subtracts nothing; a line that falls, or is level, has none.
  if (c1 >= 0 && c1 + slope > 0) return within((-2 * c0) / (c1 + slope));
  if (c2 !== 0) return within((slope - c1) / (2 * c2));
  return c0 < 0 ? high : low;
}

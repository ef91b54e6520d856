/** How what was found grows along the sweep: a straight line and a power law, side by side. */

import { intervalOf } from "./finding.ts";

/** A found value at one place of the sweep. */
export interface FoundPoint {
  x: number;
  value: number;
  /** Values that resampled trials give, as many at every point. */
  replicates: readonly number[];
}

export interface Estimate {
  value: number;
  /** 95%, from resampled trials. It says how sure the number is if the law is right, not whether it is. */
  interval: [low: number, high: number];
}

export interface Law {
  kind: "line" | "power law";
  /** A line's slope, a power law's exponent. */
  slope: Estimate;
  /** A line's intercept, a power law's factor. */
  offset: Estimate;
  /** By what factor it misses a point at most. */
  misses: number;
  at(x: number): number;
}

/** Two points lie on any line. */
export const fewestFound = 3;

/** Least squares of the values, and of their logarithms on those of x; none with fewer than three different x. */
export function lawsOf(points: readonly FoundPoint[]): Law[] {
  if (new Set(points.map(({ x }) => x)).size < fewestFound) return [];
  const line = lawOf("line", points, Number, Number);
  const isPositive = points.every(
    ({ x, value, replicates }) => x > 0 && value > 0 && replicates.every((y) => y > 0),
  );
  return isPositive ? [line, lawOf("power law", points, Math.log, Math.exp)] : [line];
}

function lawOf(
  kind: Law["kind"],
  points: readonly FoundPoint[],
  forward: (value: number) => number,
  back: (value: number) => number,
): Law {
  const xs = points.map(({ x }) => forward(x));
  const fit = (values: readonly number[]) => leastSquares(xs, values.map(forward));
  const best = fit(points.map(({ value }) => value));
  const others = points[0].replicates.map((_, k) => fit(points.map(({ replicates }) => replicates[k])));
  const estimate = (of: (line: Line) => number): Estimate => ({
    value: of(best),
    interval: intervalOf(others.map(of)),
  });
  const at = (x: number) => back(best.intercept + best.slope * forward(x));
  return {
    kind,
    slope: estimate(({ slope }) => slope),
    offset: estimate(({ intercept }) => back(intercept)),
    misses: Math.max(...points.map(({ x, value }) => factorBetween(at(x), value))),
    at,
  };
}

interface Line {
  slope: number;
  intercept: number;
}

function leastSquares(xs: readonly number[], ys: readonly number[]): Line {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const slope =
    xs.reduce((sum, value, k) => sum + (value - x) * (ys[k] - y), 0) /
    xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return { slope, intercept: y - slope * x };
}

/** Infinite where the two have different signs. */
const factorBetween = (a: number, b: number): number => (a * b > 0 ? Math.max(a / b, b / a) : Infinity);

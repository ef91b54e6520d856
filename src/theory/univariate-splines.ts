import { linesThrough } from "../data/lines.ts";
import { kernelPredictor } from "./kernel-predictor.ts";

/** Points (x_i, y_i) with different x_i. */
export interface UnivariatePoints {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** A function through points. */
export interface Interpolant {
  at(x: number): number;
  /** The total variation of its slope between the outermost points: integral |f''|, kinks inside included. */
  slopeVariation: number;
}

/**
 * How much of the kernel comes from the output layer and how much from the input layer, of f(x) = sum_j v_j [u_j x + b_j]+. From
 * u, b of deviation r_u and v of r_v, k units: k r_u^2 and k r_v^2.
 */
export interface LayerShares {
  output: number;
  input: number;
}

/** @throws RangeError for fewer than two points, wrong lengths, entries that are not finite, or an x that comes twice */
function sorted({ x, y }: UnivariatePoints): [number, number][] {
  if (x.length !== y.length)
    throw new RangeError(`${x.length} places and ${y.length} values; there must be as many`);
  if (x.length < 2) throw new RangeError("a spline needs at least two points");
  const points = Array.from(x, (place, i): [number, number] => [place, y[i]]).sort(
    (one, two) => one[0] - two[0],
  );
  points.forEach(([place, value], i) => {
    if (!Number.isFinite(place) || !Number.isFinite(value))
      throw new RangeError(`(${place}, ${value}) is no point; both must be finite`);
    if (i > 0 && points[i - 1][0] === place) throw new RangeError(`x = ${place} comes twice`);
  });
  return points;
}

/**
 * Straight lines from point to point, the outer ones going on: what a network of one hidden layer with biases tends to in the rich
 * regime, of least total variation of the slope (not the only one).
 * @source Savarese et al. 2019, Theorem 3.3
 */
export function linearSpline(points: UnivariatePoints): Interpolant {
  const all = sorted(points);
  const slopes = all.slice(1).map(([x, y], i) => (y - all[i][1]) / (x - all[i][0]));
  return {
    at: linesThrough(all),
    slopeVariation: slopes.slice(1).reduce((sum, slope, i) => sum + Math.abs(slope - slopes[i]), 0),
  };
}

/**
 * The tangent kernel of infinite width on inputs (x, 1), with t = |atan x - atan x'| the angle between them:
 *
 *     output |(x, 1)||(x', 1)| (sin t + (pi - t) cos t)/(2 pi) + input (x x' + 1)(pi - t)/(2 pi)
 *
 * @source Williams et al. 2019; Cho & Saul 2009
 */
export function univariateKernel(x: number, other: number, { output, input }: LayerShares): number {
  const t = Math.abs(Math.atan(x) - Math.atan(other));
  // |(x, 1)||(x', 1)| sin t is the area that both span, and the cosine's is their inner product.
  const product = x * other + 1;
  return (
    (output * (Math.abs(x - other) + (Math.PI - t) * product) + input * (Math.PI - t) * product) /
    (2 * Math.PI)
  );
}

/**
 * Where gradient flow of f(x) = sum_j v_j [u_j x + b_j]+, unbiased, ends in the kernel regime at infinite width:
 *
 *     f = sum_i nu_i K(x, x_i),   (1 + x^2)^2 f'' = ((output + input)/pi) sum_i nu_i |x - x_i|,   less a kink of input nu_i / pi at every x_i
 *
 * With the output layer alone a cubic spline, weighted; else with a kink at every point.
 * @throws RangeError for points that are none, or an x that comes twice, or shares that are not positive
 * @source Williams et al. 2019, Section 4; the second derivative: docs/mathematics.md
 */
export function kernelSpline(
  points: UnivariatePoints,
  shares: LayerShares,
): Interpolant & { nu: Float64Array } {
  const { output, input } = shares;
  if (!(output >= 0 && input >= 0 && output + input > 0 && output + input < Infinity))
    throw new RangeError(
      `layers have shares ${output} and ${input}; they must not be negative, and one positive`,
    );
  const all = sorted(points);
  const K = Float64Array.from({ length: all.length ** 2 }, (_, k) =>
    univariateKernel(all[Math.floor(k / all.length)][0], all[k % all.length][0], shares),
  );
  const { coefficients: nu } = kernelPredictor(
    K,
    Float64Array.from(all, ([, y]) => y),
    { jitterShare: 0 },
  );
  const kinks = nu.subarray(1, -1).reduce((sum, value) => sum + Math.abs(value), 0) * (input / Math.PI);
  return {
    at: (x) => all.reduce((sum, [place], i) => sum + nu[i] * univariateKernel(x, place, shares), 0),
    slopeVariation: kinks + ((output + input) / Math.PI) * smoothVariation(all, nu),
    nu,
  };
}

/** The integral between the outermost points of |sum_i nu_i |x - x_i|| / (1 + x^2)^2. */
function smoothVariation(points: readonly (readonly [number, number])[], nu: Float64Array): number {
  /** Of (c + s x)/(1 + x^2)^2 from 0 on. */
  const integral = (c: number, s: number, x: number) =>
    (c * (x / (1 + x * x) + Math.atan(x)) - s / (1 + x * x)) / 2;
  const knots = points.map(([x]) => x);
  let total = 0;
  for (let k = 0; k + 1 < knots.length; k++) {
    let [c, s] = [0, 0];
    points.forEach(([x], i) => {
      const sign = i <= k ? 1 : -1;
      c -= sign * nu[i] * x;
      s += sign * nu[i];
    });
    const root = s === 0 ? NaN : -c / s;
    const ends =
      root > knots[k] && root < knots[k + 1] ? [knots[k], root, knots[k + 1]] : [knots[k], knots[k + 1]];
    for (let e = 0; e + 1 < ends.length; e++)
      total += Math.abs(integral(c, s, ends[e + 1]) - integral(c, s, ends[e]));
  }
  return total;
}

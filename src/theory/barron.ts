import { fillNormal, fillUniform, type Purpose, type Stream, stream } from "../data/stream.ts";

/**
 * Barron's bound on the mean squared error of the best m sigmoidal units on the unit ball, (2 C)^2 / m, C = integral |omega| |F(omega)|.
 * @source Barron 1993, Theorem 1
 */
export const barronBound = (constant: number, units: number): number => (2 * constant) ** 2 / units;

/** C of exp(-|x|^2/2) in n dimensions, sqrt(2) Gamma((n+1)/2) / Gamma(n/2), at most sqrt(n). @source Barron 1993, Section IX */
export function gaussianBarronConstant(dimension: number): number {
  checkDimension(dimension);
  let ratio = 1 / Math.sqrt(Math.PI);
  for (let n = 1; n < dimension; n++) ratio = n / 2 / ratio;
  return Math.SQRT2 * ratio;
}

/** exp(-|x|^2/2) on the unit ball, x uniform, made of steps drawn from its own Fourier transform. See `gaussianUnits`. */
export interface GaussianUnits {
  /** V, the sum of the units' weights' absolute values. */
  variation: number;
  /** Mean squared error with one unit; with m of them it is this over m. */
  errorOfOne: number;
  /** Mean squared error of the best constant: where Barron's bound is above it, it says nothing. */
  errorOfConstant: number;
}

/**
 * f = exp(-|x|^2/2) is f(0) - 2 E int_0^1 |omega| sin(|omega| t) [a.x > t] dt, a = omega/|omega|, omega standard normal: a mean of steps.
 * m of them, drawn, each of weight V/m, err by (V^2 P - |f - f(0)|^2)/m on average, P the share of the ball where a drawn step is 1.
 * @throws RangeError for a dimension that is no whole number >= 2
 * @source Barron 1993, Theorem 2's proof
 */
export function gaussianUnits(dimension: number): GaussianUnits {
  checkDimension(dimension);
  if (dimension < 2) throw new RangeError("dimension is 1; directions need at least 2");
  // Density of a.x, x uniform in the ball, is proportional to (1 - u^2)^((n-1)/2); its tail from t on.
  const density = (u: number) => (1 - u * u) ** ((dimension - 1) / 2);
  const half = simpson(density, 0, 1);
  // Both integrals over t and omega, the length r of omega last: r^(n-1) exp(-r^2/2) is negligible beyond sqrt(n) + 10.
  const far = Math.sqrt(dimension) + 10;
  const chi = (r: number) => r ** (dimension - 1) * Math.exp((dimension - r * r) / 2);
  const mass = simpson(chi, 0, far);
  const nodes = 400;
  // Tails on a grid of t, from 1 down.
  const tails = new Float64Array(nodes + 1);
  for (let k = nodes - 1; k >= 0; k--)
    tails[k] = tails[k + 1] + simpson(density, k / nodes, (k + 1) / nodes, 4) / (2 * half);
  const average = (weight: (k: number) => number) =>
    simpson(
      (r) => {
        let sum = 0;
        for (let k = 0; k <= nodes; k++) {
          const share = k === 0 || k === nodes ? 1 : k % 2 ? 4 : 2;
          sum += share * weight(k) * r * Math.abs(Math.sin((r * k) / nodes));
        }
        return (chi(r) / mass) * (sum / (3 * nodes));
      },
      0,
      far,
    );
  const variation = 2 * average(() => 1);
  const active = (2 * average((k) => tails[k])) / variation;
  const moment = (value: (r: number) => number) =>
    simpson((r) => dimension * r ** (dimension - 1) * value(r), 0, 1);
  const first = moment((r) => Math.expm1((-r * r) / 2));
  const second = moment((r) => Math.expm1((-r * r) / 2) ** 2);
  return {
    variation,
    errorOfOne: variation ** 2 * active - second,
    errorOfConstant: second - first ** 2,
  };
}

/**
 * A step drawn as in `gaussianUnits`: x -> sign V/m [direction . x > threshold].
 * @param normal standard normal numbers
 * @param uniform uniform ones in [0, 1)
 */
export function drawGaussianUnit(
  dimension: number,
  normal: () => number,
  uniform: () => number,
): { direction: Float64Array; threshold: number; sign: number } {
  for (;;) {
    const direction = Float64Array.from({ length: dimension }, normal);
    const length = Math.hypot(...direction);
    // One more normal number makes a length as likely as itself times what it was.
    const weighted = Math.hypot(length, normal());
    const threshold = uniform();
    const wave = Math.sin(weighted * threshold);
    if (uniform() < Math.abs(wave))
      return { direction: direction.map((value) => value / length), threshold, sign: -Math.sign(wave) };
  }
}

/**
 * Mean squared errors of networks of units drawn as in `gaussianUnits`, f(0) beside them, each on inputs of its own: the closed form, measured.
 *
 * @param networks how many are drawn
 * @param seed of every draw, those of inputs too
 * @returns their mean, and its standard error
 */
export function drawnGaussianError(
  dimension: number,
  units: number,
  networks: number,
  seed = 1,
): { mean: number; error: number } {
  const inputs = 100;
  const weight = gaussianUnits(dimension).variation / units;
  const normal = numbers(seed, "teacher", fillNormal);
  const uniform = numbers(seed, "resampling", (from, values, first) =>
    fillUniform(from, values, 0, 1, first),
  );
  const errors = Float64Array.from({ length: networks }, () => {
    const drawn = Array.from({ length: units }, () => drawGaussianUnit(dimension, normal, uniform));
    let sum = 0;
    for (let i = 0; i < inputs; i++) {
      const x = Float64Array.from({ length: dimension }, normal);
      const scale = uniform() ** (1 / dimension) / Math.hypot(...x);
      let value = 1;
      for (const { direction, threshold, sign } of drawn) {
        let along = 0;
        for (let k = 0; k < dimension; k++) along += direction[k] * x[k];
        if (along * scale > threshold) value += sign * weight;
      }
      const square = x.reduce((sum, entry) => sum + (scale * entry) ** 2, 0);
      sum += (value - Math.exp(-square / 2)) ** 2;
    }
    return sum / inputs;
  });
  const mean = errors.reduce((sum, error) => sum + error, 0) / networks;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (networks - 1);
  return { mean, error: Math.sqrt(variance / networks) };
}

/** A stream's numbers one by one. */
function numbers(
  seed: number,
  purpose: Purpose,
  fill: (from: Stream, values: Float64Array, first: number) => void,
): () => number {
  const block = new Float64Array(1024);
  let place = 0;
  return () => {
    if (place % block.length === 0) fill(stream(seed, purpose), block, place);
    return block[place++ % block.length];
  };
}

function checkDimension(dimension: number): void {
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new RangeError(`dimension is ${dimension}; it must be a whole number >= 1`);
}

/** Simpson's rule. */
function simpson(f: (x: number) => number, from: number, to: number, intervals = 600): number {
  const step = (to - from) / intervals;
  let sum = f(from) + f(to);
  for (let k = 1; k < intervals; k++) sum += (k % 2 ? 4 : 2) * f(from + k * step);
  return (sum * step) / 3;
}

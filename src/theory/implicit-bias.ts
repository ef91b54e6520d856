import { checkDepth, checkInitialization, initialScale, type Initialization } from "./initialization.ts";
import { inverseProfileAngle, logCoshOf } from "./profile.ts";

// What gradient flow minimizes among all interpolators (Woodworth et al. 2020, Theorems 1 and 3), a = alpha w0:
//
//   Q(beta) = sum_i alpha^D w0_i^2 q_D(beta_i / a_i^D),   q_D(z) the integral of h_D's inverse from 0 to z
//
// D = 2 is Theorem 1's Q. For D = 1 (a linear model) it is |beta|^2 / (2 alpha): least l2 norm, whatever w0.

/**
 * q_D(z), one coordinate of Q. Even, zero at 0, z^2/4 for small z (D = 2), |z| ln|z| (D = 2) or |z| (D >= 3) for large.
 * Holds a few units of 2^-53 relatively for |z| from 1e-12 to 1e12 and beyond.
 * @param z beta_i / a_i^D, any finite number
 * @throws RangeError for a depth that is no whole number >= 1
 * @source Woodworth et al. 2020, eq. 8 (D = 2) and Theorem 3
 */
export function implicitPotential(z: number, depth = 2): number {
  checkDepth(depth);
  const size = Math.abs(z);
  if (depth === 1) return (size * size) / 2;
  // sqrt(4 + z^2) - 2, multiplied out so that it neither cancels nor overflows
  if (depth === 2) return size * (Math.asinh(size / 2) - size / (2 + Math.hypot(2, size)));
  // Legendre: q_D(h(x)) = x h(x) - phi(x) + phi(0) at x = tanh v, with phi(x)/phi(0) = cosh(v)^m cosh(m v), m = 2/(D-2)
  const v = inverseProfileAngle(size, depth);
  const m = 2 / (depth - 2);
  return Math.tanh(v) * size - (depth - 2) * Math.expm1(m * logCoshOf(v) + logCoshOf(m * v));
}

/** q_D'(z), the inverse of h_D: asinh(z/2) for D = 2; within ±1 for D >= 3. */
export function implicitPotentialSlope(z: number, depth = 2): number {
  checkDepth(depth);
  if (depth === 1) return z;
  return depth === 2 ? Math.asinh(z / 2) : Math.tanh(inverseProfileAngle(z, depth));
}

/**
 * Q(beta) for weights that start at alpha w0 (Q^D for D >= 3).
 * @param beta linear predictor, [inputs]
 * @throws RangeError for an initialization that is not positive, or of another length
 * @source Woodworth et al. 2020, Theorems 1 and 3 (there Q^D has w0 = 1; with a w0 see docs/mathematics.md)
 */
export function implicitBias(beta: ArrayLike<number>, initialization: Initialization): number {
  const checked = checkInitialization(initialization, beta.length);
  const { depth, w0 } = checked;
  const scale = initialScale(checked);
  let sum = 0;
  for (let i = 0; i < beta.length; i++)
    sum += w0[i] ** (2 - depth) * (scale[i] * implicitPotential(beta[i] / scale[i], depth));
  return sum;
}

/**
 * The gradient of Q, [inputs]: w0_i^(2-D) q_D'(beta_i / a_i^D). At a minimizer subject to X beta = y it equals Xᵀ nu.
 * @param beta linear predictor, [inputs]
 * @throws RangeError for an initialization that is not positive, or of another length
 */
export function implicitBiasGradient(beta: ArrayLike<number>, initialization: Initialization): Float64Array {
  const checked = checkInitialization(initialization, beta.length);
  const { depth, w0 } = checked;
  const scale = initialScale(checked);
  return w0.map((shape, i) => shape ** (2 - depth) * implicitPotentialSlope(beta[i] / scale[i], depth));
}

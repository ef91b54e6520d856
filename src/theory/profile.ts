import { checkDepth } from "./initialization.ts";

// The profile h_D of gradient flow: beta_i = a_i^D h_D(z_i), with z the (scaled) time integral of -X^T (X beta - y).
//
//   D = 1:  h(z) = z                        D = 2:  h(z) = 2 sinh z
//   D >= 3: h(z) = (1-z)^(-p) - (1+z)^(-p),  p = D/(D-2),  -1 < z < 1        (Woodworth et al. 2020, Theorem 3)
//
// For D >= 3 both ends cancel in z: near 0 the two powers, near 1 the difference 1-z. With z = tanh v neither does:
//   h = 2 cosh(v)^p sinh(p v)               dh/dv = 2 p cosh(v)^(p-1) cosh((p+1) v)

/**
 * h_D(z), how far the predictor has come: beta = a^D h_D(z). Odd and increasing.
 * @param z any number for D <= 2, in (-1, 1) for D >= 3 (±1 gives ±Infinity, beyond gives NaN)
 * @throws RangeError for a depth that is no whole number >= 1
 * @source Woodworth et al. 2020, Theorems 1 and 3
 */
export function profile(z: number, depth: number): number {
  checkDepth(depth);
  if (depth === 1) return z;
  if (depth === 2) return 2 * Math.sinh(z);
  const power = depth / (depth - 2);
  const size = Math.abs(z);
  // From 1/2 on, 1 - z is exact and the second power is at most a ninth of the first: nothing cancels.
  if (size >= 0.5) return Math.sign(z) * ((1 - size) ** -power - (1 + size) ** -power);
  const v = Math.atanh(z);
  return 2 * Math.cosh(v) ** power * Math.sinh(power * v);
}

/** The slope h_D'(0): 1, 2, or 2 D/(D-2). It sets the speed of the kernel regime. */
export function profileSlopeAtZero(depth: number): number {
  checkDepth(depth);
  return depth <= 2 ? depth : (2 * depth) / (depth - 2);
}

/**
 * z with h_D(z) = h. For D >= 3 and large h it rounds to ±1: use `inverseProfileAngle` where 1 - |z| matters.
 * @param h any finite number
 * @throws RangeError for a depth that is no whole number >= 1
 */
export function inverseProfile(h: number, depth: number): number {
  checkDepth(depth);
  if (depth === 1) return h;
  if (depth === 2) return Math.asinh(h / 2);
  return Math.tanh(inverseProfileAngle(h, depth));
}

/**
 * v with h_D(tanh v) = h, for D >= 3, relatively exact at every finite h.
 * @throws RangeError for a depth below 3
 */
export function inverseProfileAngle(h: number, depth: number): number {
  checkDepth(depth);
  if (depth < 3) throw new RangeError(`depth is ${depth}; the profile has an angle for depths >= 3 only`);
  if (h === 0 || !Number.isFinite(h)) return h;
  const power = depth / (depth - 2);
  const half = Math.abs(h) / 2;
  // Below 1, Newton on cosh(v)^p sinh(p v) = half: convex, and half/p lies above the root, so the iterates descend to it.
  // Above, Newton on its logarithm, which cannot overflow and whose slope varies by less than a factor 1.5.
  const direct = half <= 1;
  const logHalf = Math.log(half);
  let v = direct ? half / power : Math.asinh(half) / (2 * power);
  for (let iteration = 0; iteration < 60; iteration++) {
    const logCosh = logCoshOf(v);
    const change = direct
      ? (Math.exp(power * logCosh) * Math.sinh(power * v) - half) /
        (power * Math.exp((power - 1) * logCosh) * Math.cosh((power + 1) * v))
      : (power * logCosh + logSinhOf(power * v) - logHalf) /
        (power * (Math.tanh(v) + 1 / Math.tanh(power * v)));
    v -= change;
    if (Math.abs(change) <= 2 ** -51 * v) break;
  }
  return Math.sign(h) * v;
}

/** ln cosh v, relatively exact for small v, finite for large. */
export function logCoshOf(v: number): number {
  const size = Math.abs(v);
  return size < 1 ? Math.log1p(2 * Math.sinh(v / 2) ** 2) : size - Math.LN2 + Math.log1p(Math.exp(-2 * size));
}

/** ln sinh v for v > 0, finite for large v. */
function logSinhOf(v: number): number {
  return v < 1 ? Math.log(Math.sinh(v)) : v - Math.LN2 + Math.log1p(-Math.exp(-2 * v));
}

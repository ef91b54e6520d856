/**
 * beta after some time of gradient flow on the mean squared loss, at depth 2 from w+ = w- = a, of one input with mean square 1, or of
 * each of several that are orthogonal (Xᵀ X = N I), on the way to `target`:
 *
 *     kappa = 8 sqrt(target^2 + 4 a^4),  q = tanh(asinh(target / 2a^2)/2),  p = q (E - 1)/(E + q^2),  E = e^(kappa t),
 *     beta = 4 a^2 p / (1 - p^2)
 *
 * @source Saxe et al. 2014 and Domine et al. 2025, in terms of w+ and w-
 */
export function oneMode(target: number, a: number, time: number): number {
  const kappa = 8 * Math.hypot(target, 2 * a * a);
  const u = Math.asinh(Math.abs(target) / (2 * a * a));
  const q = Math.tanh(u / 2);
  // With decay = 1/E, 1 - p = ((1 - q) + decay q (1 + q)) / (1 + decay q^2), and 1 - q = 2/(1 + e^u).
  const decay = Math.exp(-kappa * time);
  const p = (-q * Math.expm1(-kappa * time)) / (1 + decay * q * q);
  const rest = (2 / (1 + Math.exp(u)) + decay * q * (1 + q)) / (1 + decay * q * q);
  return (Math.sign(target) * 4 * a * a * p) / (rest * (1 + p));
}

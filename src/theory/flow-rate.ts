import { profileSlopeAtZero } from "./profile.ts";

/**
 * The speed of the exact dual flow on the mean squared loss: d nu/dt = -rate (X beta - y), rate = (4 D^2/N) alpha^(D-2) / h_D'(0)
 * (8/N for D = 2, 2 D (D-2) alpha^(D-2) / N for D >= 3).
 * @throws RangeError where alpha^(D-2) leaves float64
 */
export function dualFlowRate(depth: number, alpha: number, samples: number): number {
  const power = alpha ** (depth - 2);
  if (!(power >= 2 ** -1022 && Number.isFinite(power)))
    throw new RangeError(
      `alpha = ${alpha}, depth = ${depth}: alpha^(depth - 2) is outside float64, and so is the flow's time`,
    );
  return ((4 * depth * depth) / samples) * (power / profileSlopeAtZero(depth));
}

import { defineLoss } from "../loss.ts";

/** log(1 + exp(-y f)), y = -1 or +1, written so that neither a large loss overflows nor a small one rounds to 0. */
export const logistic = defineLoss({
  kind: "logistic",
  formula: "log(1 + exp(-y f))",
  at(f, y) {
    const z = y * f;
    const small = Math.exp(-Math.abs(z));
    return {
      value: Math.max(0, -z) + Math.log1p(small),
      slope: (-y * (z >= 0 ? small : 1)) / (1 + small),
      curvature: small / (1 + small) ** 2,
    };
  },
  slopeChange(f, change, y) {
    // -y / (1 + e^z) at z less that at z - d; sinh(d/2) over cosh(z/2) cosh((z - d)/2) has no difference but d.
    const [z, d] = [y * f, y * change];
    const before = z - d;
    if (Math.abs(d) <= 1) {
      const [small, smallBefore] = [Math.exp(-Math.abs(z)), Math.exp(-Math.abs(before))];
      const cosh = Math.exp((Math.abs(z) + Math.abs(before)) / 2) * (1 + small) * (1 + smallBefore);
      return (y * 2 * Math.sinh(d / 2)) / cosh;
    }
    const tail = (x: number) => 1 / (1 + Math.exp(x));
    return z + before >= 0 ? y * (tail(before) - tail(z)) : y * (tail(-z) - tail(-before));
  },
  largestCurvature: 0.25,
  largestSlope: () => 1,
  roundings: () => 40,
  targets: { allowed: "-1 and +1", allows: (y) => Math.abs(y) === 1 },
});

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
  largestCurvature: 0.25,
  largestSlope: () => 1,
  roundings: () => 40,
  targets: { allowed: "-1 and +1", allows: (y) => Math.abs(y) === 1 },
});

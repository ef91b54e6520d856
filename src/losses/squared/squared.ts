import { defineLoss } from "../loss.ts";

/** (f - y)^2. */
export const squared = defineLoss({
  kind: "squared",
  formula: "(f - y)^2",
  at: (f, y) => ({ value: (f - y) ** 2, slope: 2 * (f - y), curvature: 2 }),
  largestCurvature: 2,
  largestSlope: (f, y) => 2 * Math.max(f, y),
  roundings: () => 40,
});

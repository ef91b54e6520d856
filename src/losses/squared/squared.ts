import { defineLoss } from "../loss.ts";
import { oneHot } from "../one-hot.ts";

/** (f - y)^2; of classes that are numbered, of an output each that is to be 1 on its own and 0 on the others. */
export const squared = defineLoss({
  kind: "squared",
  formula: "(f - y)^2",
  at: (f, y) => ({ value: (f - y) ** 2, slope: 2 * (f - y), curvature: 2 }),
  slopeChange: (_, change) => 2 * change,
  largestCurvature: 2,
  largestSlope: (f, y) => 2 * Math.max(f, y),
  roundings: () => 40,
  encode: (dataset) => (dataset.classes === undefined ? dataset : oneHot(dataset, "squared")),
});

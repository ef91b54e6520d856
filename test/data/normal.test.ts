import { expect, test } from "vitest";
import { normalQuantile } from "../../src/data/normal.ts";

/** Quantiles from mpmath, sqrt(2) erfinv(2 p - 1) with 50 digits at the float64 nearest to p. */
const exact: [probability: number, quantile: number][] = [
  [0.5, 0],
  [0.4999999999, -2.5066284820303539022e-10],
  [0.3, -0.52440051270804081597],
  [0.25, -0.6744897501960817432],
  [0.08, -1.4050715603096325447],
  [0.075, -1.4395314709384559349],
  [0.0749, -1.4402382675279636631],
  [0.01, -2.3263478740408410931],
  [0.001, -3.0902323061678135354],
  [1e-6, -4.7534243088228989573],
  [1e-10, -6.3613409024040561991],
  [1.4e-11, -6.6567230915181836356],
  [1e-13, -7.3487961028006775135],
  [1e-15, -7.9413453261709967713],
  [2 ** -54, -8.2923610758135955382],
];

for (const [probability, quantile] of exact) {
  test(`the normal quantile of ${probability} is ${quantile} within 1e-15`, () => {
    const error = Math.abs(normalQuantile(probability) - quantile);
    expect(error).toBeLessThanOrEqual(1e-15 * Math.abs(quantile));
  });
}

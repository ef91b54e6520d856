/** The powers of alpha that theory knows of the kernel regime: what measured slopes are compared with. */

import type { Results } from "../../src/results/types.ts";
import { areDiagonal, documentValue } from "./runs.ts";

/**
 * Of the diagonal network of depth D. The predictor's change is D a^(D-1) d, so that the weights' difference d falls like
 * alpha^(1-D); their sum follows with d^2 / alpha, and the kernel relative to its start with (d / alpha)^2.
 */
const powers: Record<string, (depth: number) => number> = {
  weight_distance: (depth) => 1 - depth,
  linear_distance: (depth) => 1 - 2 * depth,
  ntk_drift: (depth) => -2 * depth,
};

/** The exponent of a quantity's last value; undefined where theory does not know it. */
export function kernelRegimePower(results: Results, quantity: string): number | undefined {
  const depth = documentValue(results, "model", "depth");
  const scaling = documentValue(results, "init", "scaling") ?? "weights";
  if (!areDiagonal(results) || typeof depth !== "number" || depth < 2 || scaling !== "weights")
    return undefined;
  return powers[quantity]?.(depth);
}

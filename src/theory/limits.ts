import { checkInitialization, type Initialization } from "./initialization.ts";
import type { LinearSystem } from "./linear-system.ts";
import { minimumL1, type MinimumL1 } from "./minimum-l1.ts";
import { minimumL2, type MinimumL2 } from "./minimum-l2.ts";

/**
 * Where gradient flow ends as alpha -> infinity: the solution of X beta = y with the least sum (beta_i / w0_i^(D-1))^2. It
 * depends on the shape w0 as soon as D >= 2.
 * @throws as `minimumL2`, and RangeError for a w0 that is not positive
 * @source Woodworth et al. 2020, Theorems 1 and 3; the shape: Section 5 (D = 2), docs/mathematics.md
 */
export function kernelLimit(system: LinearSystem, shape: Omit<Initialization, "alpha"> = {}): MinimumL2 {
  const { depth, w0 } = checkInitialization({ ...shape, alpha: 1 }, system.inputs);
  return minimumL2(system, { weights: w0.map((value) => value ** (depth - 1)) });
}

/**
 * Where gradient flow ends as alpha -> 0: a solution of X beta = y with the least sum |beta_i| / w0_i^(D-2). For D = 2 the
 * shape drops out: the minimum-l1 solution; for D >= 3 it stays.
 * @throws as `minimumL1`, and RangeError for a w0 that is not positive or depth 1 (a linear model has no rich regime)
 * @source Woodworth et al. 2020, Theorems 1 and 3; the shape: Section 5 (D = 2), docs/mathematics.md
 */
export async function richLimit(
  system: LinearSystem,
  shape: Omit<Initialization, "alpha"> = {},
): Promise<MinimumL1> {
  const { depth, w0 } = checkInitialization({ ...shape, alpha: 1 }, system.inputs);
  if (depth === 1)
    throw new RangeError("depth is 1; a linear model ends at the minimum-l2 solution at every alpha");
  return minimumL1(system, { weights: w0.map((value) => value ** (2 - depth)) });
}

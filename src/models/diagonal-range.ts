import type { Member } from "../plan/cohort.ts";
import type { DiagonalStart } from "./diagonal-start.ts";
import { beyondFloat32, checkHeld, kernelsOf } from "./range.ts";

/** What a kernel may grow to: room is left for what data and sums add. */
const GROWTH = 1e35;

/**
 * Checks that the GPU can hold a run's numbers in float32.
 *
 * @param held those that its kernels are given, by what a user would call them
 * @throws DocumentError naming the number that float32 cannot hold, and what to do
 */
export function checkRange(
  { run }: Member,
  { D, A, plus }: DiagonalStart,
  held: Record<string, number>,
): void {
  checkHeld(run, D, held);
  const { quantities, arrays } = kernelsOf(run);
  if (quantities.length === 0 && arrays.length === 0) return;
  // Weights of order 1 over the largest at the start: how far the kernel may grow.
  const largest = plus.reduce((max, value) => Math.max(max, value), 0);
  const growth = (1 / Math.min(1, largest)) ** (2 * D - 2);
  const kernel = (A * D) ** 2 * Math.max(1, largest) ** (2 * D - 2);
  if (growth <= GROWTH && (arrays.length === 0 || kernel <= GROWTH)) return;
  throw beyondFloat32(
    run,
    D,
    growth > GROWTH
      ? `the tangent kernel grows by up to ${growth.toExponential(0)} over its start`
      : `the tangent kernel's entries are about ${kernel.toExponential(0)}`,
    `leave out ${[...quantities, ...arrays].join(", ")}`,
  );
}

import { DocumentError } from "../document/error.ts";
import type { Member } from "../scheduler/cohort.ts";
import type { DiagonalStart } from "./diagonal_start.ts";

/** Float32's normal numbers. */
const SMALLEST = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

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
  const { alpha, scaling } = run.init;
  const where = `at depth ${D}${scaling === "output" ? " with output scaling" : ""}`;
  for (const [name, value] of Object.entries(held)) {
    const size = Math.abs(value);
    if (size === 0 || (size >= SMALLEST && size <= LARGEST)) continue;
    throw new DocumentError(
      "init.alpha",
      `is ${alpha}: ${where}, ${name} is ${value.toExponential(1)}, which float32 cannot hold; ` +
        "use an alpha closer to 1 or a smaller depth",
    );
  }
  const wanted = run.record.quantities.filter((name) => name.startsWith("ntk_"));
  const arrays = run.record.arrays.filter((name) => name.endsWith("ntk"));
  if (wanted.length === 0 && arrays.length === 0) return;
  // Weights of order 1 over the largest at the start: how far the kernel may grow.
  const largest = plus.reduce((max, value) => Math.max(max, value), 0);
  const growth = (1 / Math.min(1, largest)) ** (2 * D - 2);
  const kernel = (A * D) ** 2 * Math.max(1, largest) ** (2 * D - 2);
  if (growth <= GROWTH && (arrays.length === 0 || kernel <= GROWTH)) return;
  const problem =
    growth > GROWTH
      ? `the tangent kernel grows by up to ${growth.toExponential(0)} over its start`
      : `the tangent kernel's entries are about ${kernel.toExponential(0)}`;
  throw new DocumentError(
    "init.alpha",
    `is ${alpha}: ${where}, ${problem}, which float32 cannot hold; ` +
      `leave out ${[...wanted, ...arrays.map((name) => `"${name}"`)].join(", ")}`,
  );
}

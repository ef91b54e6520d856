import { DocumentError } from "../document/error.ts";
import type { Run } from "../document/types.ts";

/** Float32's normal numbers. */
const SMALLEST = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Whether float32 has this number, with its digits. */
export const isHeld = (value: number): boolean =>
  value === 0 || (Math.abs(value) >= SMALLEST && Math.abs(value) <= LARGEST);

/** What a run asks for of its tangent kernels: the quantities, and the arrays in quotes. */
export function kernelsOf({ record }: Pick<Run, "record">): { quantities: string[]; arrays: string[] } {
  return {
    quantities: record.quantities.filter((name) => name.startsWith("ntk_")),
    arrays: record.arrays.filter((name) => name.endsWith("ntk")).map((name) => `"${name}"`),
  };
}

/** Refuses a run for a number that float32 cannot hold, and says what to do. */
export function beyondFloat32(
  { init: { alpha, scaling } }: Pick<Run, "init">,
  depth: number,
  problem: string,
  mend: string,
): DocumentError {
  const where = `at depth ${depth}${scaling === "output" ? " with output scaling" : ""}`;
  return new DocumentError(
    "init.alpha",
    `is ${alpha}: ${where}, ${problem}, which float32 cannot hold; ${mend}`,
  );
}

/**
 * Checks that float32 can hold the numbers that a run's kernels are given.
 *
 * @param held those numbers, by what a user would call them
 * @throws DocumentError naming the first that float32 cannot hold
 */
export function checkHeld(run: Pick<Run, "init">, depth: number, held: Record<string, number>): void {
  for (const [name, value] of Object.entries(held))
    if (!isHeld(value))
      throw beyondFloat32(
        run,
        depth,
        `${name} is ${value.toExponential(1)}`,
        "use an alpha closer to 1 or a smaller depth",
      );
}

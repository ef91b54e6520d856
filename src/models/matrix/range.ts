import { type Member } from "../../plan/cohort.ts";
import { checkHeld, kernelsOf, beyondFloat32 } from "../range.ts";
import { matrixStart, runNumbers } from "./start.ts";

/** What a kernel may grow to: room is left for what data and sums add. */
const GROWTH = 1e35;

/**
 * Checks that the GPU can hold a run's numbers in float32.
 *
 * @throws DocumentError naming the number that float32 cannot hold, and what to do
 */
export function checkMatrixRange(member: Member): void {
  const { run } = member;
  const start = matrixStart(member);
  const { D, unit } = start;
  const { rate, output_scale, displacement, kernel_unit } = runNumbers(member, start);
  checkHeld(run, D, {
    "the step size in units of alpha": rate,
    "the output's slope": output_scale,
    "the unit of displacement": displacement,
    "the tangent kernel's unit": kernel_unit,
  });
  const { quantities, arrays } = kernelsOf(run);
  // Weights of order 1 over the largest at the start: how far the kernel may grow.
  const growth = (1 / Math.min(1, unit)) ** (2 * D - 2);
  if (quantities.length + arrays.length > 0 && growth > GROWTH)
    throw beyondFloat32(
      run,
      D,
      `the tangent kernel grows by up to ${growth.toExponential(0)} over its start`,
      `leave out ${[...quantities, ...arrays].join(", ")}`,
    );
}

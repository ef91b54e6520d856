/** By stage: the weights of the slopes so far, which lead from the step's start to the next one; the last to its end. */
const WEIGHTS = [[1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]];

/** Slopes that a step takes. */
export const STAGES = WEIGHTS.length;

/**
 * The float64 twin of a gradient flow: moves y along its slope by given steps of the Bogacki-Shampine 3(2) pair (1989).
 *
 * @param slope the time derivative at y, where a stage begins
 * @param moved called after y has moved, with the steps that are complete and the stage that begins
 */
export function follow(
  y: Float64Array,
  steps: readonly number[],
  { slope, moved }: { slope(): Float64Array; moved(steps: number, stage: number): void },
): void {
  steps.forEach((h, step) => {
    const from = y.slice();
    const slopes: Float64Array[] = [];
    WEIGHTS.forEach((weights, stage) => {
      slopes.push(slope());
      from.forEach((value, q) => {
        y[q] = value + h * weights.reduce((sum, weight, k) => sum + weight * slopes[k][q], 0);
      });
      if (stage + 1 < STAGES) moved(step, stage + 1);
      else moved(step + 1, 0);
    });
  });
}

import { lossOf } from "../losses/registry.ts";
import { type Member, scalesOf } from "../plan/cohort.ts";

/**
 * The step size past which a run's linearization diverges.
 *
 * @param eigenvalue the largest of K0, or of K: then that of the linearization there
 */
export function stabilityLimit({ run, dataset: { samples } }: Member, eigenvalue: number): number {
  const { loss } = run;
  // Twice the loss's curvature in f, over the samples; the penalty adds its own.
  const curvature = (lossOf(loss).largestCurvature * eigenvalue) / (loss.reduction === "mean" ? samples : 1);
  const output = scalesOf(run).A ** -2;
  return 2 / (curvature * output + 2 * loss.l2);
}

import { degreeOf } from "../models/degree.ts";
import { scalesOf, stepSize } from "../plan/cohort.ts";
import { ConvergenceError } from "../theory/errors.ts";
import { lasso } from "../theory/lasso.ts";
import { l2Norm, maximumNorm } from "../theory/norms.ts";
import { saddleClock } from "../theory/saddle-jumps.ts";
import type { Measure } from "./measured.ts";

/**
 * How far the time average of beta is from the lasso at the penalty 1/tau, tau the clock of the saddles: as alpha -> 0 it comes to it
 * (Berthier 2025). None before the first input is on, nor where no clock is (depth 1, and alpha >= 1 at depth 2).
 */
export const lassoMeasures = {
  lasso_gap: ({ model }) => {
    const averageOf = model.averagePredictor();
    return (record) => {
      const { run, dataset } = record.member;
      const depth = degreeOf(run.model);
      const { weights, A } = scalesOf(run);
      const alpha = weights * A ** (1 / depth);
      const { average, updates } = averageOf(record);
      if (depth < 2 || (depth === 2 && alpha >= 1) || updates === 0) return undefined;
      if (!average.every(Number.isFinite)) return NaN;
      // The clock is that of the mean loss.
      const time = updates * stepSize(run) * (run.loss.reduction === "sum" ? dataset.samples : 1);
      const tau = saddleClock(depth, alpha) * time;
      try {
        const expected = lasso(dataset, 1 / tau);
        return maximumNorm(expected) > 0
          ? l2Norm(expected.map((value, i) => average[i] - value)) / l2Norm(expected)
          : undefined;
      } catch (error) {
        if (error instanceof ConvergenceError) return NaN;
        throw error;
      }
    };
  },
} satisfies Record<string, Measure>;

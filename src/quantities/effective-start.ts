import type { Dataset } from "../data/dataset.ts";
import { l2Norm } from "../theory/norms.ts";
import { ConvergenceError } from "../theory/errors.ts";
import { type RowSpace, rowSpace } from "../theory/row-space.ts";
import type { EffectiveStart } from "../theory/effective-start.ts";
import type { Measure } from "./measured.ts";

const spaces = new WeakMap<Dataset, RowSpace>();

/** Where the flow would end from an effective start; undefined where float64 does not find it, as after steps that diverge. */
function endOf(start: EffectiveStart, dataset: Dataset): Float64Array | undefined {
  if (!start.logAlpha.every(Number.isFinite) || !start.shift.every(Number.isFinite)) return undefined;
  if (!spaces.has(dataset)) spaces.set(dataset, rowSpace(dataset));
  try {
    return start.end(dataset, { space: spaces.get(dataset)! }).beta;
  } catch (error) {
    if (error instanceof ConvergenceError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The start from which gradient flow would end where descent does (Even et al. 2023), and how near to that end it is. */
export const effectiveStartMeasures = {
  effective_alpha: async ({ model }) => {
    const startOf = await model.effectiveStart();
    return (record) => {
      const { logAlpha } = startOf(record);
      const { w0 } = record.member;
      // The geometric mean over inputs.
      return Math.exp(logAlpha.reduce((sum, value, i) => sum + value - Math.log(w0[i]), 0) / logAlpha.length);
    };
  },
  effective_bias_gap: async ({ context: { recorder, inputs }, model }) => {
    const startOf = await model.effectiveStart();
    const { beta, channels, row } = model.predictor;
    const column = recorder.collected("the predictor", () => ({
      buffer: beta(),
      length: inputs,
      stride: channels * inputs,
      offset: row * inputs,
    }));
    return (record) => {
      const end = endOf(startOf(record), record.member.dataset);
      return end ? l2Norm(end.map((value, i) => record.column(column + i) - value)) / l2Norm(end) : NaN;
    };
  },
} satisfies Record<string, Measure>;

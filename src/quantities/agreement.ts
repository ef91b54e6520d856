import { wholePower } from "../theory/powers.ts";
import { margins } from "../kernels/margins.ts";
import { degreeOf } from "../models/degree.ts";
import type { SampleSet } from "../models/measurable.ts";
import type { Finish } from "../plan/recorder.ts";
import type { Measure, Measured } from "./measured.ts";

/** Columns: how many outputs agree with their labels, and the least y f. */
const agreement = ({ context, model }: Measured, set: SampleSet): number =>
  context.recorder.once(`agreement ${set}`, () => {
    const { recorder, planner, data, tables } = context;
    const { buffer: outputs, channels, row } = model.outputs(set);
    const [y, samples] = set === "training" ? [data.y, context.samples] : [data.testY, context.testSamples];
    const column = recorder.reserve(2);
    recorder.add(() =>
      planner.dispatch(margins, {
        params: { samples, channels, row, column, record: recorder.columns },
        bind: { singles: tables.singles, outputs, y, out: recorder.out },
      }),
    );
    return column;
  });

/** The least y f over the training samples. */
export function minimalProduct(measured: Measured): Finish {
  const column = agreement(measured, "training");
  return (record) => record.column(column + 1);
}

/** How well outputs agree with the labels: accuracies, and the margin over the D-th power of the weights' norm. */
export const agreementMeasures = {
  train_accuracy: (measured) => {
    const column = agreement(measured, "training");
    return (record) => record.column(column) / measured.context.samples;
  },
  test_accuracy: (measured) => {
    const column = agreement(measured, "test");
    return (record) => record.column(column) / measured.context.testSamples;
  },
  margin: (measured) => {
    const degree = degreeOf(measured.context.members[0].run.model);
    const [column, norm] = [agreement(measured, "training"), measured.model.weights.l2()];
    return (record) => record.column(column + 1) / wholePower(norm(record)!, degree);
  },
} satisfies Record<string, Measure>;

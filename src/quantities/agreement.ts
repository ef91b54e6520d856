import { wholePower } from "../theory/powers.ts";
import { margins } from "../kernels/margins.ts";
import { degreeOf } from "../models/degree.ts";
import type { SampleSet } from "../models/measurable.ts";
import type { Finish, RawRecord } from "../plan/recorder.ts";
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
        bind: { run_tiles: tables.runTiles, outputs, y, out: recorder.out },
      }),
    );
    return column;
  });

/** The least y f over the training samples. */
export function minimalProduct(measured: Measured): Finish {
  const column = agreement(measured, "training");
  return (record) => record.column(column + 1);
}

/** The outputs on all samples of a set, [samples, outputs]. */
export function outputsOn({ context, model }: Measured, set: SampleSet): (record: RawRecord) => Float64Array {
  const { recorder, samples, testSamples, outputs } = context;
  const rows = set === "training" ? samples : testSamples;
  const length = outputs * rows;
  const { buffer, channels, row } = model.outputs(set);
  const column = recorder.collected(`outputs ${set}`, () => ({
    ...{ buffer, length, stride: channels * rows, offset: row * rows },
  }));
  return (record) =>
    Float64Array.from({ length }, (_, k) =>
      record.column(column + (k % outputs) * rows + Math.floor(k / outputs)),
    );
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

import { margins } from "../kernels/margins.ts";
import type { CohortContext } from "../models/model.ts";
import { degreeOf } from "../models/degree.ts";
import type { Finish } from "../plan/recorder.ts";
import type { QuantityName } from "./catalogue.ts";

/** A model's outputs as a record leaves them: row `row` of each run's `channels` rows of all samples. */
export interface LabelledOutputs {
  training(): GPUBuffer;
  test(): GPUBuffer;
  channels: number;
  row: number;
  /** The weights' l2 norm. */
  weightNorm(): Finish;
}

/** How well outputs agree with the labels: accuracies, and the margin over the D-th power of the weights' norm. */
export function agreement(
  context: CohortContext,
  { training, test, channels, row, weightNorm }: LabelledOutputs,
): Record<Extract<QuantityName, "train_accuracy" | "test_accuracy" | "margin">, () => Finish> {
  const { recorder, planner, data, samples, testSamples, members } = context;
  const degree = degreeOf(members[0].run.model);
  const measured = (set: "training" | "test") =>
    recorder.once(`agreement ${set}`, () => {
      const [outputs, y, size] =
        set === "training" ? [training(), data.y, samples] : [test(), data.testY, testSamples];
      const column = recorder.reserve(2);
      recorder.add(() =>
        planner.dispatch(margins, {
          params: { samples: size, channels, row, column, record: recorder.columns },
          bind: { singles: context.tables.singles, outputs, y, out: recorder.out },
        }),
      );
      return column;
    });
  return {
    train_accuracy: () => {
      const column = measured("training");
      return (record) => record.column(column) / samples;
    },
    test_accuracy: () => {
      const column = measured("test");
      return (record) => record.column(column) / testSamples;
    },
    margin: () => {
      const [column, norm] = [measured("training"), weightNorm()];
      return (record) => record.column(column + 1) / norm(record)! ** degree;
    },
  };
}

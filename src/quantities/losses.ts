import type { SampleSet } from "../models/measurable.ts";
import type { Finish } from "../plan/recorder.ts";
import type { Measure } from "./measured.ts";

/** Sums or means, as the run's loss has them, of losses whose roots' norm is in a column. */
const combined =
  (column: number, size: number): Finish =>
  (record) =>
    record.norm(column).l2 ** 2 / (record.member.run.loss.reduction === "mean" ? size : 1);

const lossOf =
  (set: SampleSet): Measure =>
  ({ context, model }) =>
    combined(model.losses(set), set === "test" ? context.testSamples : context.samples);

/** Losses of the model and of its linearization, and the distances between the two. */
export const lossMeasures = {
  loss: lossOf("training"),
  peak_loss: (measured) => {
    const loss = lossOf("training")(measured) as Finish;
    const { recorder, peak } = measured.context;
    const column = recorder.collected("peak losses", () => ({
      buffer: peak!,
      length: 1,
      stride: 1,
      offset: 0,
    }));
    return (record) => Math.max(record.column(column), loss(record)!);
  },
  test_loss: lossOf("test"),
  linear_loss: ({ context, model }) => combined(model.linearized.losses(), context.samples),
  function_distance: ({ context, model }) => {
    const gap = model.linearized.gap();
    return ({ norm, position }) =>
      (model.linearized.gapScale(position) * norm(gap).l2) / Math.sqrt(context.samples);
  },
  linear_distance: ({ model }) => model.linearized.distance(),
} satisfies Record<string, Measure>;

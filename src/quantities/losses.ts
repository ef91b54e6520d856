import { difference } from "../kernels/difference.ts";
import { runsAlone } from "../wgsl/lanes.ts";
import { residualsOf } from "../kernels/residual.ts";
import type { CohortContext } from "../models/model.ts";
import { displaced } from "../plan/data-buffers.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { Finish, RawRecord } from "../plan/recorder.ts";
import type { QuantityName } from "./catalogue.ts";

/** What the losses are measured on: residuals r of all samples and, with a twin, the gap h = f − f̄. */
export interface Outputs {
  evaluated: GPUBuffer;
  channels: number;
  /** Gaps are stored over this. */
  gapScale(position: number): number;
  /** Coefficients of the linear predictor, [rows, inputs]. */
  beta: GPUBuffer;
}

type Losses = Extract<QuantityName, "loss" | "linear_loss" | "function_distance" | "test_loss">;

/** Squared losses of the model, its linearized twin and the test set, and the distance between the two functions. */
export function losses(context: CohortContext, outputs: Outputs): Record<Losses, () => Finish> {
  const { recorder, planner, samples, testSamples, members } = context;
  const { singles } = context.tables;
  const { evaluated, channels } = outputs;
  const stride = channels * samples;
  const norm = (channel: number) =>
    recorder.norms("outputs", () => ({
      buffer: evaluated,
      length: samples,
      stride,
      first: 0,
      fields: channels,
    })) +
    3 * channel;
  const mean = (record: RawRecord, l2: number, count: number) =>
    (l2 * l2) / (record.member.run.loss.reduction === "mean" ? count : 1);
  const self = () => recorder.once("self", () => planner.filled("self", Uint32Array.from(members.keys())));

  return {
    loss: () => {
      const r = norm(0);
      return (record) => mean(record, record.norm(r).l2, samples);
    },
    function_distance: () => {
      const h = norm(1);
      return (record) => (outputs.gapScale(record.position) * record.norm(h).l2) / Math.sqrt(samples);
    },
    linear_loss: () => {
      // f̄ − y = r − h
      const buffer = planner.buffer("linear residual", 4 * members.length * samples);
      const scale = planner.filled(
        "gap scales",
        Float32Array.from(members, (_, k) => outputs.gapScale(k)),
      );
      recorder.add(() =>
        planner.dispatch(difference, {
          params: { length: samples, a_stride: stride, a_offset: 0, b_stride: stride, b_offset: samples },
          bind: { singles, a: evaluated, b: evaluated, index: self(), scale, out: buffer },
          shape: () => ({ length: samples }),
        }),
      );
      const r = recorder.norms("linear residual", () => ({
        buffer,
        length: samples,
        stride: samples,
        first: 0,
        fields: 1,
      }));
      return (record) => mean(record, record.norm(r).l2, samples);
    },
    test_loss: () => {
      const buffer = planner.buffer("test residual", 4 * members.length * channels * testSamples);
      recorder.add(() => evaluateOn(context, "test", outputs, buffer));
      const r = recorder.norms("test residual", () => ({
        buffer,
        length: testSamples,
        stride: channels * testSamples,
        first: 0,
        fields: 1,
      }));
      return (record) => mean(record, record.norm(r).l2, testSamples);
    },
  };
}

/**
 * Outputs f of all training or test samples, [rows, samples], at every record: a predictor's own, whose sign a residual
 * plus its target would round away.
 *
 * @param starts of each run, what its predictor started from where `beta` holds only the change since
 */
export function outputsOn(
  context: CohortContext,
  set: "training" | "test",
  outputs: Pick<Outputs, "channels" | "beta">,
  starts: readonly (Float64Array | undefined)[],
): GPUBuffer {
  const { planner, recorder, members, data } = context;
  return recorder.once(`outputs on the ${set} set`, () => {
    const samples = set === "test" ? context.testSamples : context.samples;
    // As residuals of what the outputs started from, with the sign changed.
    const rows = Math.max(...data.placements.map(({ targets }) => targets)) + 1;
    const before = new Float32Array(rows * samples);
    members.forEach(({ dataset }, position) => {
      const start = starts[position];
      if (!start) return;
      const X = set === "test" ? dataset.testX : dataset.X;
      before.set(displaced(X, new Float64Array(samples), start), data.placements[position].targets * samples);
    });
    const targets = planner.filled(`${set} outputs at the start`, before);
    const out = planner.buffer(`${set} outputs`, 4 * members.length * outputs.channels * samples);
    recorder.add(() => evaluateOn(context, set, outputs, out, targets));
    return out;
  });
}

/** Residuals of all training or test samples, unshuffled; of other targets than the data's where they are given. */
export function evaluateOn(
  context: CohortContext,
  set: "training" | "test",
  { channels, beta }: Pick<Outputs, "channels" | "beta">,
  r: GPUBuffer,
  targets?: GPUBuffer,
): Promise<Dispatch> {
  const { planner, data, tables, order, inputs } = context;
  const test = set === "test";
  const samples = test ? context.testSamples : context.samples;
  // Small work is over sooner than the tiled kernel is compiled.
  const small = runsAlone(context.members.length * channels * samples * inputs);
  return planner.dispatch(residualsOf(samples, context.cut, small), {
    overrides: { SHUFFLED: false },
    params: { samples, inputs, channels, capacity: samples, streams: 1 },
    bind: {
      tiles: tables.recording,
      order,
      X: test ? data.testColumns : data.columns,
      y: targets ?? (test ? data.testY : data.y),
      beta,
      r,
    },
    shape: (plan) => ({ size: samples, tiles: plan.recordedTiles }),
    test,
  });
}

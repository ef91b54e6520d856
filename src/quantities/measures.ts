import type { ArrayName, RecordSpecification } from "../document/types.ts";
import { type Capability, type Measurable, type Needs, capabilities } from "../models/measurable.ts";
import type { Member } from "../plan/cohort.ts";
import type { Finish, RawRecord } from "../plan/recorder.ts";
import { agreementMeasures, outputsOn } from "./agreement.ts";
import { arrayShape } from "./array-axes.ts";
import { arrayKinds } from "./arrays.ts";
import { type Need, type QuantityName, quantityNeeds } from "./catalogue.ts";
import { lassoMeasures } from "./lasso-gap.ts";
import { marginMeasures } from "./margin-gaps.ts";
import { effectiveStartMeasures } from "./effective-start.ts";
import { baselineMeasures } from "./kernel-baselines.ts";
import { layerMeasures } from "./layers.ts";
import { jacobianMeasures } from "./jacobian.ts";
import { lossMeasures } from "./losses.ts";
import { matrixMeasures, singularValuesOf } from "./matrix.ts";
import type { Measure, Measured } from "./measured.ts";
import { predictorMeasures } from "./predictor.ts";
import { kernelMeasures, tangentKernels } from "./tangent-kernel.ts";
import { weightMeasures } from "./weights.ts";

/** How every quantity is measured. A new one is a line in a catalogue (src/quantities/catalogue.ts) and a measure. */
const measures: Record<QuantityName, Measure> = {
  ...lossMeasures,
  ...weightMeasures,
  ...agreementMeasures,
  ...layerMeasures,
  ...kernelMeasures,
  ...jacobianMeasures,
  ...predictorMeasures,
  ...effectiveStartMeasures,
  ...marginMeasures,
  ...lassoMeasures,
  ...baselineMeasures,
  ...matrixMeasures,
};

/** Adds to a record all that its quantities take, in their order, and says how each is finished. */
export async function measure(measured: Measured): Promise<Map<QuantityName, Finish>> {
  const finish = new Map<QuantityName, Finish>();
  for (const name of measured.quantities) finish.set(name, await measures[name](measured));
  return finish;
}

/** What makes each record leave an array, [runs, ...axes]. */
const recorded: Partial<Record<ArrayName, (measured: Measured) => GPUBuffer>> = {
  ntk: tangentKernels,
  test_ntk: ({ model }) => model.testKernel(),
};

/** By name, arrays as a record leaves them, and the shape of each run's. */
export type RecordedArrays = ReadonlyMap<ArrayName, { buffer: GPUBuffer; shape: readonly number[] }>;

/** Adds to a record all that its arrays take. */
export const recordedArrays = (measured: Measured): RecordedArrays =>
  new Map(
    measured.arrays.flatMap((name) => {
      const { run, dataset } = measured.context.members[0];
      const buffer = recorded[name]?.(measured);
      return buffer ? [[name, { buffer, shape: arrayShape(name, run, dataset) }]] : [];
    }),
  );

/** An array that the CPU finishes from each record's columns. */
export interface FinishedArray {
  shape: readonly number[];
  finish(record: RawRecord): ArrayLike<number>;
}

/** What finishes an array of each record on the CPU. */
const finished: Partial<Record<ArrayName, (measured: Measured) => FinishedArray["finish"]>> = {
  singular_values: singularValuesOf,
  neurons: ({ model }) => model.neurons(),
  first_layer: ({ model }) => model.layers.first(),
  outputs: (measured) => outputsOn(measured, "training"),
  function: (measured) => outputsOn(measured, "test"),
};

/** Adds to a record all that its arrays take which the CPU finishes. */
export const finishedArrays = (measured: Measured): ReadonlyMap<ArrayName, FinishedArray> =>
  new Map(
    measured.arrays.flatMap((name) => {
      const { run, dataset } = measured.context.members[0];
      const finish = finished[name]?.(measured);
      return finish ? [[name, { shape: arrayShape(name, run, dataset), finish }]] : [];
    }),
  );

/** What reads an array off a run's state at its end. */
export const finalArrays: Partial<
  Record<ArrayName, (model: Partial<Measurable>) => (state: Float32Array, member: Member) => Float64Array>
> = {
  predictor: ({ finalPredictor }) => finalPredictor!,
  weights: ({ finalWeights }) => finalWeights!,
};

/** What a record needs of its models. */
export function needsOf({ quantities, arrays }: Pick<RecordSpecification, "quantities" | "arrays">): Needs {
  const all: Need[] = [
    ...quantities.flatMap(quantityNeeds),
    ...arrays.flatMap((name) => arrayKinds[name].needs),
  ];
  return new Set(all.filter((need): need is Capability => need in capabilities));
}

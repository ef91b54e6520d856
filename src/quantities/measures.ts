import type { ArrayName, RecordSpecification } from "../document/types.ts";
import { type Capability, type Measurable, type Needs, capabilities } from "../models/measurable.ts";
import type { Member } from "../plan/cohort.ts";
import type { Finish, RawRecord } from "../plan/recorder.ts";
import { agreementMeasures, outputsOn } from "./agreement.ts";
import { arrayShape } from "./array-axes.ts";
import { arrayKinds } from "./arrays.ts";
import { type Need, type QuantityName, quantityNeeds } from "./catalogue.ts";
import { jacobianMeasures } from "./jacobian.ts";
import { lossMeasures } from "./losses.ts";
import type { Measure, Measured } from "./measured.ts";
import { weightMeasures } from "./weights.ts";

/** Measures whose code a page fetches for records that take one of them: what they are called, and where they are. */
const later = <const Name extends QuantityName>(
  names: readonly Name[],
  load: () => Promise<Record<Name, Measure>>,
): Record<Name, Measure> => {
  const measures = names.map((name): [Name, Measure] => [
    name,
    async (measured) => (await load())[name](measured),
  ]);
  return Object.fromEntries(measures) as Record<Name, Measure>;
};

/** How every quantity is measured. A new one is a line in a catalogue (src/quantities/catalogue.ts) and a measure. */
const measures: Record<QuantityName, Measure> = {
  ...lossMeasures,
  ...weightMeasures,
  ...agreementMeasures,
  ...jacobianMeasures,
  ...later(
    [
      "active_units",
      "activation_stability",
      "layer_activation_stability",
      "last_layer_distance",
      "path_norm",
    ],
    async () => (await import("./layers.ts")).layerMeasures,
  ),
  ...later(
    [
      "ntk_label_alignment",
      "ntk_drift",
      "ntk_change_lowest",
      "ntk_change_highest",
      "ntk_misalignment",
      "ntk_alignment",
    ],
    async () => (await import("./tangent-kernel.ts")).kernelMeasures,
  ),
  ...later(
    [
      "sharpness",
      "ntk_eigenvalue_1",
      "ntk_eigenvalue_2",
      "ntk_eigenvalue_3",
      "ntk_eigenvalue_outputs",
      "ntk_eigenvalue_beyond",
      "ntk_spectral_gap",
    ],
    async () => (await import("./kernel-spectra.ts")).spectrumMeasures,
  ),
  ...later(
    [
      "predictor_l1",
      "predictor_l2",
      "population_l1",
      "population_l2",
      "reconstruction_error",
      "min_l1_distance",
      "min_l2_distance",
      "excess_l1",
      "excess_l2",
      "bias_gap",
    ],
    async () => (await import("./predictor.ts")).predictorMeasures,
  ),
  ...later(
    ["effective_alpha", "effective_bias_gap"],
    async () => (await import("./effective-start.ts")).effectiveStartMeasures,
  ),
  ...later(["l1_margin_gap", "l2_margin_gap"], async () => (await import("./margin-gaps.ts")).marginMeasures),
  ...later(["lasso_gap"], async () => (await import("./lasso-gap.ts")).lassoMeasures),
  ...later(
    ["test_kernel_accuracy", "test_wide_kernel_accuracy"],
    async () => (await import("./kernel-baselines.ts")).baselineMeasures,
  ),
  ...later(
    [
      "predictor_nuclear",
      "effective_rank",
      "excess_nuclear",
      "truth_excess_nuclear",
      "unobserved_drift",
      "gradient_alignment",
    ],
    async () => (await import("./matrix.ts")).matrixMeasures,
  ),
};

/** Adds to a record all that its quantities take, in their order, and says how each is finished. */
export async function measure(measured: Measured): Promise<Map<QuantityName, Finish>> {
  const finish = new Map<QuantityName, Finish>();
  for (const name of measured.quantities) finish.set(name, await measures[name](measured));
  return finish;
}

/** What makes each record leave an array, [runs, ...axes]. */
const recorded: Partial<Record<ArrayName, (measured: Measured) => GPUBuffer | Promise<GPUBuffer>>> = {
  ntk: async (measured) => (await import("./tangent-kernel.ts")).tangentKernels(measured),
  test_ntk: ({ model }) => model.testKernel(),
};

/** By name, arrays as a record leaves them, and the shape of each run's. */
export type RecordedArrays = ReadonlyMap<ArrayName, { buffer: GPUBuffer; shape: readonly number[] }>;

/** Adds to a record all that its arrays take. */
export async function recordedArrays(measured: Measured): Promise<RecordedArrays> {
  const arrays = new Map<ArrayName, { buffer: GPUBuffer; shape: readonly number[] }>();
  const { run, dataset } = measured.context.members[0];
  for (const name of measured.arrays) {
    const buffer = await recorded[name]?.(measured);
    if (buffer) arrays.set(name, { buffer, shape: arrayShape(name, run, dataset) });
  }
  return arrays;
}

/** An array that the CPU finishes from each record's columns. */
export interface FinishedArray {
  shape: readonly number[];
  finish(record: RawRecord): ArrayLike<number>;
}

/** What finishes an array of each record on the CPU. */
const finished: Partial<
  Record<ArrayName, (measured: Measured) => FinishedArray["finish"] | Promise<FinishedArray["finish"]>>
> = {
  singular_values: async (measured) => (await import("./matrix.ts")).singularValuesOf(measured),
  neurons: ({ model }) => model.neurons(),
  first_layer: ({ model }) => model.layers.first(),
  outputs: (measured) => outputsOn(measured, "training"),
  function: (measured) => outputsOn(measured, "test"),
};

/** Adds to a record all that its arrays take which the CPU finishes. */
export async function finishedArrays(measured: Measured): Promise<ReadonlyMap<ArrayName, FinishedArray>> {
  const arrays = new Map<ArrayName, FinishedArray>();
  const { run, dataset } = measured.context.members[0];
  for (const name of measured.arrays) {
    const finish = await finished[name]?.(measured);
    if (finish) arrays.set(name, { shape: arrayShape(name, run, dataset), finish });
  }
  return arrays;
}

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

import type { Member } from "../plan/cohort.ts";
import type { Finish, RawRecord } from "../plan/recorder.ts";
import type { EffectiveStart } from "../theory/effective-start.ts";
import type { KernelParts, KernelStarts } from "./kernel-starts.ts";
import type { NetworkSizes } from "./relu-pass.ts";
import type { CompiledLayer } from "../layers/layer.ts";

/** Outputs as a record leaves them: row `row` of each run's `channels` rows of all samples. */
export interface OutputRows {
  buffer: GPUBuffer;
  channels: number;
  row: number;
}

/** Training samples, or those of the test set. */
export type SampleSet = "training" | "test";

/** The layers of networks as a record's evaluation leaves them. */
export interface MeasuredLayers {
  layers: readonly CompiledLayer[];
  sizes: NetworkSizes;
  /** What a run's weights are stored over. */
  unit(position: number): number;
  /** [runs, copies, parameters]. */
  weights: GPUBuffer;
  /** How far the last layer's weights are from w(0). */
  lastDistance(): Finish;
  /** Incoming weights of each unit of the first layer, [copies, units, weights of one]; a record of them. */
  first(): (record: RawRecord) => Float64Array;
  /** Pre-activations of all samples at w(0), [runs, units, samples], and their changes, [runs, copies, units, samples]. */
  base: GPUBuffer;
  z: GPUBuffer;
}

/**
 * What models can be measured on. A quantity needs some of it (src/quantities/catalogue.ts), a model provides some; what is
 * asked for adds to the record what it takes. Columns are those of `Recorder.norms`.
 */
export interface Measurable {
  /** A column: the squares of the vector's numbers are the samples' losses. */
  losses: (set: SampleSet) => number;
  outputs: (set: SampleSet) => OutputRows;
  /** Norms of the weights, and of their displacement from w(0). */
  weights: { l1(): Finish; l2(): Finish; distance(): Finish };
  /** The linearized model, trained beside: its losses and the gap between the two functions, columns; that of the weights. */
  linearized: { losses(): number; gap(): number; gapScale(position: number): number; distance(): Finish };
  /** A column of relative changes of what the flow conserves, the largest of which counts; or how that is finished. */
  conserved: () => number | Finish;
  /** The start from which gradient flow would end where descent does; a record of it. */
  effectiveStart: () => Promise<(record: RawRecord) => EffectiveStart>;
  /** The mean of the predictors before the updates so far, [inputs], and how many they are; a record of it. */
  averagePredictor: () => (record: RawRecord) => { average: Float64Array; updates: number };
  /** Coefficients of the linear predictor: a row of [rows, inputs], `channels` rows a run; less `starts` where given. */
  predictor: {
    beta(): GPUBuffer;
    channels: number;
    row: number;
    starts: readonly (Float64Array | undefined)[];
  };
  tangentKernel: { parts: KernelParts; starts(): KernelStarts };
  /** Columns of <J0, J0>, <J0, J - J0> and |J - J0|^2, J the Jacobian on the training inputs, J0 that at w(0). */
  jacobian: () => number;
  /** Makes each record leave tangent kernels between test and training inputs, [runs, testSamples, samples]. */
  testKernel: () => GPUBuffer;
  layers: MeasuredLayers;
  /**
   * Units a_j [b_j . x]+ of one hidden layer, [units, inputs + 1]: b_j, then a_j. Of pairs of networks those of the first copy, then
   * those of the second, whose a_j have the other sign.
   */
  neurons: () => (record: RawRecord) => Float64Array;
  /** The matrix W that samples are measurements of. */
  matrix: MeasuredMatrix;
  /** Whether hidden units are rectified, and the initial distribution has an infinitely wide limit: on the CPU. */
  rectifiers: true;
  wideKernel: true;
  /** The functional Q that gradient flow minimizes. */
  implicitBias: true;
  /** A run's predictor and weights at its end, in float64, from its state. */
  finalPredictor: (state: Float32Array, member: Member) => Float64Array;
  finalWeights: (state: Float32Array, member: Member) => Float64Array;
}

/** A matrix as records bring it back. */
export interface MeasuredMatrix {
  rows: number;
  columns: number;
  /** First of the columns that hold A W, row-major, less `starts` where given; and f - y of all samples. */
  entries(): number;
  starts: readonly (Float64Array | undefined)[];
  residuals(): number;
}

export type Capability = keyof Measurable;

/** What runs can be measured on: true, or why not where that says more than that there is none. */
export type Provided = Partial<Record<Capability, true | string>>;

/** What a record needs of the models that it is taken of. */
export type Needs = ReadonlySet<Capability>;

/** How a model that has it not is told so: "a relu model has no ...". */
export const capabilities: Record<Capability, string> = {
  losses: "losses",
  outputs: "outputs",
  weights: "weights",
  linearized: "linearization",
  conserved: "conserved quantity",
  effectiveStart: "effective start",
  averagePredictor: "average predictor",
  predictor: "linear predictor",
  tangentKernel: "tangent kernel",
  jacobian: "Jacobian by layers",
  testKernel: "tangent kernel of test inputs",
  layers: "layers",
  neurons: "single hidden layer",
  matrix: "matrix",
  rectifiers: "rectified units",
  wideKernel: "infinitely wide limit",
  implicitBias: "functional Q that its flow minimizes",
  finalPredictor: "linear predictor",
  finalWeights: "weights",
};

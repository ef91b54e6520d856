import type * as v from "valibot";
import type { Dataset, Sides } from "../data/dataset.ts";
import type { Files } from "../data/kind.ts";
import type { ArrayName, ModelSpecification, RunSpecification } from "../document/types.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import type { SweepSize, Member } from "../plan/cohort.ts";
import type { DataBuffers } from "../plan/data-buffers.ts";
import type { Tables } from "../plan/tables.ts";
import type { Dispatch, Planner } from "../plan/planner.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Measurable, Needs, Provided } from "./measurable.ts";

/** What the scheduler gives a model to compile itself into. */
export interface CohortContext {
  planner: Planner;
  recorder: Recorder;
  members: readonly Member[];
  data: DataBuffers;
  tables: Tables;
  /** Minibatch orders, and the signs of noise on labels; of no meaning unless `shuffled`. */
  order: GPUBuffer;
  /** Whether updates go through an order: minibatches do, and all whose labels have noise. */
  shuffled: boolean;
  /** Whether labels have noise: it comes between forward and back. */
  noisy: boolean;
  /** The largest loss of each run so far, where a record asks for it; updates are made one by one then. */
  peak: GPUBuffer | undefined;
  /** Per run: the update before which it stops, and why. */
  horizon: GPUBuffer;
  samples: number;
  inputs: number;
  outputs: number;
  testSamples: number;
  /** Recorded tangent kernels have the samples of each output in turn as rows; of several, else, they are summed over outputs. */
  fullKernels: boolean;
  /** Samples that a batch has at most. */
  capacity: number;
  /** What its records need of the model. */
  needs: Needs;
  tiling: Tiling;
  /** The sweep that kernels are chosen for. */
  sweepSize: SweepSize;
  /** Take whole updates, or many, a dispatch: wherever a model can, never, or where it pays. */
  fused: boolean | undefined;
}

/** A cohort of runs of one model, compiled. */
export interface CompiledModel {
  /** `struct RunParameters` of every run. */
  parameters: GPUBuffer;
  /**
   * Of the batch, and of all samples: [rows, capacity], [rows, samples]; `channels` rows a run. The squares of a run's
   * first rows, one an output, sum up to the samples' losses.
   */
  signal: GPUBuffer;
  evaluated: GPUBuffer;
  /** Rows of a run's `signal` that its update is made of, of the squared loss: what an f - y of 1 is there. */
  residuals?: readonly { row: number; factor: number }[];
  /** One training step: up to `signal`, then the update. Both read the step's slot. */
  forward: Dispatch[];
  backward: Dispatch[];
  /**
   * Where it pays, in place of both: as many steps of full batches as the slot's `order` says,
   * judged by the rule `full`.
   */
  fusedSteps?: Dispatch;
  /** Whether it trains so, or by other whole updates a dispatch; undefined where there is no choice. */
  isFused: boolean | undefined;
  /** Fills `evaluated`. */
  evaluate: Dispatch[];
  /** The time derivative, for the gradient flow; any state of the model's layout may stand in for its own. */
  flow: {
    /** Fills `signal` from a state. */
    forward(state: GPUBufferBinding): Promise<Dispatch[]>;
    /** The derivative of every number of the state, after its forward pass. */
    slope(state: GPUBufferBinding, derivative: GPUBufferBinding): Promise<Dispatch[]>;
    /** What errors of each number are measured against; 0 leaves one out. */
    scale(state: GPUBuffer, scale: GPUBufferBinding): Promise<Dispatch[]>;
  };
  /** What it can be measured on; of what nothing was said to be needed, it may be less. */
  measurable: Partial<Measurable>;
  /** The runs' state, `stride` floats a run. */
  state: GPUBuffer;
  stride: number;
}

/** What a run has learned after an epoch, or a step of a flow, in float64, and what float32 may make of it. */
export interface Expectation {
  values: Float64Array;
  /** Euclidean distance from the values at the start. */
  moved: number;
  /** Derived bound of the Euclidean distance between `values` and what float32 makes of them. */
  bound: number;
}

/** A model as documents ask for it. */
export interface ModelKind<Specification extends ModelSpecification = ModelSpecification> {
  kind: string;
  schema: v.GenericSchema<unknown, Specification>;
  /** Whether it is trained on measurements of a matrix, and on nothing else. */
  measuresMatrix?: boolean;
  /** Numbers in one weight vector of the model. */
  weights(specification: Specification, sides: Sides): number;
  /**
   * Checks what no field of the document can say alone.
   *
   * @throws DocumentError naming the path
   */
  checkRun(run: RunSpecification & { model: Specification }): void;
  /** What runs of it can be measured on. */
  provides(run: RunSpecification): Provided;
  /** How its runs are trained: code that a page fetches for the models that its documents ask for. */
  behaviour(): Promise<ModelBehaviour>;
}

/** How runs of a model start, what they take, and how they are compiled. */
export interface ModelBehaviour {
  /**
   * w0 of a run, in the model's order of weights, before alpha.
   *
   * @throws DocumentError when the document's shape does not fit the model
   */
  initial(run: RunSpecification, sides: Sides, files: Files): Float64Array;
  /** Names a cohort that must be compiled on its own for a reason the document does not state. */
  variant(member: Member): string;
  /** The linear predictor at w(0), [inputs], where it is not zero: the targets are taken less its outputs. */
  startPredictor(member: Member): Float64Array | undefined;
  /**
   * Checks a run that has its data and its w0.
   *
   * @throws DocumentError where float32 cannot hold its numbers
   */
  check(member: Member): void;
  /** Rows of residuals a run, of each output: more where the linearized model is trained beside. */
  channels(needs: Needs): number;
  /** Bytes of buffers a run takes, its data and recorded arrays aside, and those of the largest one. */
  bytes(member: Member, needs: Needs): { total: number; largest: number };
  /** Multiplications and additions of an epoch on the GPU, about, where the reference's are not a measure of them. */
  operations?(member: Member, needs: Needs): number;
  /** Largest eigenvalue of the tangent kernel at w(0), scaled model: the step size's stability depends on it. */
  largestEigenvalue(member: Member, dataset: Dataset): number;
  /**
   * What float32 leaves little of in a run that it can train, in a line for the user.
   *
   * @param eigenvalue the largest of the tangent kernel at w(0), 0 where it is not known
   */
  warning?(member: Member, eigenvalue: number): string | undefined;
  /** What of a run's start holds others back, in a line for the user. */
  startWarning?(member: Member): string | undefined;
  compile(context: CohortContext): Promise<CompiledModel>;
  /** The float64 reference, against which every command checks a run (src/guard/guard.ts). */
  reference: {
    /** What is compared: an array that runs record at their end. */
    compared: Extract<ArrayName, "predictor" | "weights">;
    /** Multiplications and additions that an epoch takes, or a slope of a flow, about. */
    operations(member: Member): number;
    /**
     * Trains a run. The member's data and initial weights are those that float32 holds.
     *
     * @param steps sizes of a flow's steps, which the GPU chose; off by no more than 2 u of the time at their end
     * @returns what is expected after every epoch, or every step of a flow, as long as float32 holds the run
     */
    train(member: Member, steps?: readonly number[]): Promise<Expectation[]>;
  };
}

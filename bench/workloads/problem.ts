import type { LayerSizes, ReferenceLayer } from "../../src/layers/layer.ts";

/** What every problem says of itself. */
interface Trained {
  /** The experiment document whose runs these are; `epochs` is for the engine to set. */
  document: Record<string, unknown>;
  runs: number;
  /** Which array of a run is compared, and how many numbers it holds; "ntk": the tangent kernel [samples, samples]. */
  result: "predictor" | "weights" | "ntk";
  length: number;
  /** Where there is one, the result of every so many steps, and of the last, is handed over too. */
  recordEvery?: number;
  /** Steps that other libraries may queue before they wait for the device, where their usual number takes much memory. */
  queued?: number;
}

/**
 * Runs of the diagonal model f(x) = <w+^D - w-^D, x> on shared data, full batches, squared loss, gradient descent:
 * w+ and w- start at alpha, one alpha a run.
 */
export interface DiagonalSweep extends Trained {
  kind: "diagonal-sweep";
  /** D, 2 or more. */
  depth: number;
  samples: number;
  inputs: number;
  /** X [samples, inputs] and y [samples], rounded to float32 as every engine would: no difference comes from that. */
  X: Float64Array;
  y: Float64Array;
  alphas: Float64Array;
  stepSize: number;
}

/** ReLU networks on shared data: one start a run. */
export interface ReluNetworks extends Trained {
  samples: number;
  inputs: number;
  /** The hidden ones, then the output's. */
  layers: readonly LayerSizes[];
  /** Weights of a network. */
  parameters: number;
  /** X [samples, inputs], rounded to float32. */
  X: Float64Array;
  /** [runs, parameters]: the layers in order, each [fan_out, fan_in], rounded to float32. */
  starts: Float64Array;
}

/** ReLU networks, full batches, mean squared loss, gradient descent. */
export interface ReluSeeds extends ReluNetworks {
  kind: "relu-seeds";
  /** y [samples], rounded to float32. */
  y: Float64Array;
  stepSize: number;
}

/**
 * Tangent kernels of ReLU networks, from their weights: a step is one kernel of every run, the sum over layers of
 * (H H^T) o (B B^T), H the activations below the layer and B the output's derivatives by what leaves it.
 */
export interface ReluKernels extends ReluNetworks {
  kind: "relu-kernels";
}

/**
 * Networks on shared images of one channel, one start a run: convolutions by 3 x 3 with zeros around, rectified, the mean of every
 * 2 x 2 pixels, convolutions of the same number of channels, rectified, one output of all that is left.
 */
export interface ConvNetworks extends Trained {
  samples: number;
  /** Height and width of the images: an even number. */
  side: number;
  channels: number;
  /** The network as float64 passes it, and its layers with weights. */
  network: readonly ReferenceLayer[];
  layers: readonly LayerSizes[];
  /** Weights of a network. */
  parameters: number;
  /** X [samples, side, side], rounded to float32. */
  X: Float64Array;
  /** [runs, parameters]: the layers in order, [channels, 3, 3], [channels, channels, 3, 3], [channels, side / 2, side / 2]. */
  starts: Float64Array;
}

/** Such networks, full batches, mean squared loss, gradient descent. */
export interface ConvSeeds extends ConvNetworks {
  kind: "conv-seeds";
  /** y [samples]. */
  y: Float64Array;
  stepSize: number;
}

/** Tangent kernels of such networks, from their weights: a step is one kernel of every run. */
export interface ConvKernels extends ConvNetworks {
  kind: "conv-kernels";
}

/** Completion of square matrices by products of square factors, full batches, mean squared loss, gradient descent. */
export interface MatrixSweep extends Trained {
  kind: "matrix-sweep";
  /** Rows and columns of every matrix. */
  size: number;
  factors: number;
  observed: number;
  /** [size, size]: 1 where an entry is seen, and what it is, rounded to float32; 0 elsewhere. */
  mask: Float64Array;
  targets: Float64Array;
  /** [runs, parameters]: W_1, W_2, ..., rounded to float32. */
  starts: Float64Array;
  parameters: number;
  stepSize: number;
}

/** Every kind of work that an engine may be asked for; an engine does those that it knows. */
export type Problem = DiagonalSweep | ReluSeeds | ReluKernels | ConvSeeds | ConvKernels | MatrixSweep;

/** What float64 says about some of the runs after some number of steps. */
export interface Expectation {
  /** Results, [length] each, in the order of the runs asked for. */
  results: Float64Array[];
  /** Of each, how far float32 arithmetic may be off, relative to the result's l2 norm. */
  bounds: number[];
}

/** A workload: a problem for every number of runs, what a step of it costs, and what it must lead to. */
export interface Workload<Work extends Problem = Problem> {
  id: string;
  title: string;
  /** Numbers of runs that show how its speed grows with them. */
  runs: readonly number[];
  /** That which stands for it, where the largest up to the usual one would take a software adapter minutes. */
  usualRuns?: number;
  /** Of a sweep over alpha, its smallest and its largest. */
  alphas?: readonly [number, number];
  /** Where float64 takes long to follow, or its bound grows fast: most steps in a training, most runs compared. */
  mostSteps?: number;
  mostChecked?: number;
  problem(runs: number): Work;
  /** Multiplications and additions that a step needs. */
  flops(problem: Work): number;
  /** Bytes that it moves at least: weights in and out, the data once, and what is handed over. */
  bytes(problem: Work): number;
  /** @param steps increasing; one expectation for each */
  expect(problem: Work, checked: readonly number[], steps: readonly number[]): Expectation[];
}

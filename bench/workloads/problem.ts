/**
 * Runs of the diagonal model f(x) = <w+^2 - w-^2, x> on shared data, full batches, squared loss, gradient descent:
 * w+ and w- start at alpha, one alpha a run.
 */
export interface DiagonalSweep {
  kind: "diagonal-sweep";
  samples: number;
  inputs: number;
  /** X [samples, inputs] and y [samples], rounded to float32 as every engine would: no difference comes from that. */
  X: Float64Array;
  y: Float64Array;
  /** The experiment document whose runs these are; `epochs` is for the engine to set. */
  document: Record<string, unknown>;
  alphas: Float64Array;
  stepSize: number;
}

/** Every kind of work that an engine may be asked for; an engine does those that it knows. */
export type Problem = DiagonalSweep;

/** What float64 says about some of the runs after some number of steps. */
export interface Expectation {
  /** Predictors, [inputs] each, in the order of the runs asked for. */
  predictors: Float64Array[];
  /** Of each, how far float32 arithmetic may be off, relative to the predictor's l2 norm. */
  bounds: number[];
}

/** A workload: a problem for every number of runs, what a step of it costs, and what it must lead to. */
export interface Workload {
  id: string;
  title: string;
  /** Numbers of runs that are measured unless others are asked for. */
  runs: readonly number[];
  problem(runs: number): Problem;
  /** Multiplications and additions that a step needs. */
  flops(problem: Problem): number;
  /** @param steps increasing; one expectation for each */
  expect(problem: Problem, checked: readonly number[], steps: readonly number[]): Expectation[];
}

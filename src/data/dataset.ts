import type { Extent } from "../document/types.ts";

/** What models of a dataset are as wide as. */
export type Sides = Pick<Dataset, "inputs" | "outputs" | "image">;

/** One run's data, in float64. Matrices are row-major. */
export interface Dataset {
  /** Training samples N. */
  samples: number;
  /** Inputs n. */
  inputs: number;
  /** What a sample is, where it is an image: its inputs are [channels, height, width], row-major. */
  image?: Extent;
  /** X, [samples, inputs]. */
  X: Float64Array;
  /** Targets of a sample. */
  outputs: number;
  /** Targets, [samples, outputs]. */
  y: Float64Array;
  /** Test samples (0 when there is no test set), their inputs [testSamples, inputs] and targets [testSamples, outputs]. */
  testSamples: number;
  testX: Float64Array;
  testY: Float64Array;
  /** The true linear predictor beta*, [inputs], where the data have one. */
  betaStar?: Float64Array;
}

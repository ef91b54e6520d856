import type { Extent } from "../document/types.ts";

/** What models of a dataset are as wide as. */
export type Sides = Pick<Dataset, "inputs" | "outputs" | "image"> & { matrix?: MatrixShape };

/** What tells sides from others: models of one specification on the same sides have the same shape. */
export const sidesKey = ({ inputs, outputs, image, matrix }: Sides): string =>
  JSON.stringify([inputs, outputs, image, matrix && [matrix.rows, matrix.columns]]);

/** The matrix W that samples are measurements <A_i, W> of; its entries, row-major, are the inputs. */
export interface MatrixShape {
  rows: number;
  columns: number;
}

export interface MeasuredMatrix extends MatrixShape {
  /** The entry that each A_i picks, [samples]; X is empty then. Else the A_i are the rows of X. */
  cells?: Uint32Array;
  /** The entry of each test sample, [testSamples]; testX is empty. */
  testCells: Uint32Array;
}

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
  /** Where one target a sample numbers one of so many classes from 0. */
  classes?: number;
  /** Targets, [samples, outputs]. */
  y: Float64Array;
  /** Test samples (0 when there is no test set), their inputs [testSamples, inputs] and targets [testSamples, outputs]. */
  testSamples: number;
  testX: Float64Array;
  testY: Float64Array;
  /** The true linear predictor beta*, [inputs], where the data have one. */
  betaStar?: Float64Array;
  /** Of data of matrices. */
  matrix?: MeasuredMatrix;
}

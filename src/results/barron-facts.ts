/** What is known of the functions that networks learn on the ball, beside what they err by (Barron 1993). */

import { loadDataset } from "../data/datasets.ts";
import type { BallData, RunSpecification } from "../document/types.ts";
import { barronBound, drawnGaussianError, gaussianBarronConstant, gaussianUnits } from "../theory/barron.ts";

export interface BarronFacts {
  /** C, the integral of |omega| |F(omega)|; Barron's bound with m units is (2C)^2/m. */
  constant: number;
  /** Mean squared error of the best constant: where the bound is above it, it says nothing. */
  errorOfConstant: number;
  bound(units: number): number;
  /** Of the Gaussian: what m steps drawn from its Fourier transform err by, on average in closed form, and measured with its error. */
  drawn?: {
    expected(units: number): number;
    measured(units: number): { mean: number; error: number };
  };
}

/** Networks that are drawn to measure what they err by. */
const networks = 200;

const known = new Map<string, { mean: number; error: number }>();

/**
 * @param data whose test set stands for the ball where the function is no Gaussian
 */
export function barronFacts(data: BallData): BarronFacts {
  const { frequency, dimension } = data;
  if (frequency !== undefined) {
    const { testY } = loadDataset(data, new Map());
    const mean = testY.reduce((sum, value) => sum + value, 0) / testY.length;
    return {
      constant: frequency,
      bound: (units) => barronBound(frequency, units),
      errorOfConstant: testY.reduce((sum, value) => sum + (value - mean) ** 2, 0) / testY.length,
    };
  }
  const constant = gaussianBarronConstant(dimension);
  const { errorOfConstant, errorOfOne } = gaussianUnits(dimension);
  return {
    constant,
    bound: (units) => barronBound(constant, units),
    errorOfConstant,
    drawn: {
      expected: (units) => errorOfOne / units,
      measured: (units) => {
        const key = `${dimension} ${units}`;
        const drawn = known.get(key) ?? drawnGaussianError(dimension, units, networks);
        known.set(key, drawn);
        return drawn;
      },
    },
  };
}

/**
 * The sigmoidal units that a network of one hidden layer of rectifiers has: a difference of two of them is a ramp from 0 to 1, and one
 * with a constant input alone is the constant that Barron allows beside them.
 *
 * @returns NaN for other models
 */
export const rampsOf = ({ model }: RunSpecification): number =>
  model.kind === "relu" && model.widths?.length === 1
    ? ((model.widths[0] - 1) / 2) * (model.unbiased ? 2 : 1)
    : NaN;

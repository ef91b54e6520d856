import { factorCholesky, solveCholesky } from "./cholesky.ts";
import { ConvergenceError } from "./errors.ts";
import { multiply } from "./linear-system.ts";
import { maximumNorm } from "./norms.ts";

/** x -> k(x)^T (K + jitter I)^-1 y: a kernel's interpolation of least norm, where training in the kernel regime ends. */
export interface KernelPredictor {
  /** (K + jitter I)^-1 y, [samples]. */
  coefficients: Float64Array;
  /** What was added to every diagonal entry of K. */
  jitter: number;
  /** `jitter` as a share of K's mean diagonal entry. */
  jitterShare: number;
  /** Largest |K c - y| over the largest |y|: what the jitter and rounding leave of the training error. */
  residual: number;
  /**
   * @param cross kernel between inputs and training inputs, [inputs, samples] row-major
   * @returns the prediction of every input, [inputs]
   */
  predict(cross: Float64Array): Float64Array;
}

export interface KernelPredictorOptions {
  /** First jitter, as a share of K's mean diagonal entry; default 1e-10. It is raised tenfold while K has a lost pivot. */
  jitterShare?: number;
}

/** Beyond this share the matrix is no kernel that rounding has touched, and the predictor another one. */
const mostJitterShare = 1e-3;

/**
 * Kernel regression without a penalty, by a Cholesky factorization in float64. The jitter starts at 1e-10 of the mean
 * diagonal entry and grows tenfold until every pivot is positive: a kernel from float32 takes about 1e-7 or 1e-6.
 *
 * For the end of training from an f0 that is not zero, pass y - f0 and add f0 of the new inputs to the prediction.
 *
 * @param K kernel of the training inputs, [samples, samples] row-major; only its lower triangle is read
 * @param y targets, [samples]
 * @throws RangeError for wrong lengths or entries that are not finite
 * @throws ConvergenceError where K is not positive semidefinite within 1e-3 of its mean diagonal entry
 */
export function kernelPredictor(
  K: Float64Array,
  y: Float64Array,
  { jitterShare: first = 1e-10 }: KernelPredictorOptions = {},
): KernelPredictor {
  const samples = y.length;
  const mean = checkKernel(K, y);
  if (!(first >= 0 && first <= mostJitterShare))
    throw new RangeError(`jitterShare is ${first}; it must be from 0 to ${mostJitterShare}`);
  let tries = 0;
  // Powers of ten round: a hair above the limit is the limit.
  for (let share = first; share < 1.5 * mostJitterShare; share = Math.max(10 * share, 1e-15)) {
    tries++;
    const jitter = share * mean;
    const factors = K.slice();
    for (let i = 0; i < samples; i++) factors[i * samples + i] += jitter;
    factorCholesky(factors, samples);
    if (hasLostPivot(factors, samples)) continue;
    const coefficients = y.slice();
    solveCholesky(factors, coefficients);
    return {
      coefficients,
      jitter,
      jitterShare: share,
      residual: trainingResidual(K, coefficients, y),
      predict: (cross) => predict(cross, coefficients),
    };
  }
  throw new ConvergenceError(
    `the kernel is not positive semidefinite: with ${mostJitterShare} of its mean diagonal entry added it still has a pivot that is not positive`,
    tries,
    mostJitterShare,
  );
}

/**
 * Share of inputs whose output has its label's sign; a zero output counts as wrong.
 * @throws RangeError where a label is neither -1 nor +1, or there are not as many labels as outputs, or none
 */
export function signAccuracy(outputs: ArrayLike<number>, labels: ArrayLike<number>): number {
  if (labels.length !== outputs.length)
    throw new RangeError(`${labels.length} labels; ${outputs.length} outputs need as many`);
  if (labels.length === 0) throw new RangeError("no labels; an accuracy needs at least one");
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    if (Math.abs(labels[i]) !== 1)
      throw new RangeError(`label ${i} is ${labels[i]}; an accuracy needs labels of -1 and +1`);
    if (outputs[i] * labels[i] > 0) right++;
  }
  return right / labels.length;
}

/** Checks sizes and entries, and returns K's mean diagonal entry. */
function checkKernel(K: Float64Array, y: Float64Array): number {
  const samples = y.length;
  if (samples === 0) throw new RangeError("y is empty; a predictor needs at least one sample");
  if (K.length !== samples * samples)
    throw new RangeError(`K has ${K.length} entries; ${samples} targets need ${samples * samples}`);
  const entry = K.findIndex((value) => !Number.isFinite(value));
  if (entry >= 0)
    throw new RangeError(
      `K[${Math.floor(entry / samples)}, ${entry % samples}] is ${K[entry]}; it must be finite`,
    );
  const target = y.findIndex((value) => !Number.isFinite(value));
  if (target >= 0) throw new RangeError(`y[${target}] is ${y[target]}; it must be finite`);
  let trace = 0;
  for (let i = 0; i < samples; i++) trace += K[i * samples + i];
  if (!(trace > 0))
    throw new RangeError(`K's mean diagonal entry is ${trace / samples}; a kernel's is positive`);
  return trace / samples;
}

/** `factorCholesky` sets a pivot to infinity where nothing of it is left. */
function hasLostPivot(factors: Float64Array, samples: number): boolean {
  for (let i = 0; i < samples; i++) if (factors[i * samples + i] === Infinity) return true;
  return false;
}

function trainingResidual(K: Float64Array, coefficients: Float64Array, y: Float64Array): number {
  const samples = y.length;
  const miss = y.map((target, i) => {
    let sum = -target;
    for (let j = 0; j < samples; j++) {
      sum += (j <= i ? K[i * samples + j] : K[j * samples + i]) * coefficients[j];
    }
    return sum;
  });
  const largest = maximumNorm(y);
  return largest === 0 ? 0 : maximumNorm(miss) / largest;
}

function predict(cross: Float64Array, coefficients: Float64Array): Float64Array {
  if (cross.length % coefficients.length !== 0)
    throw new RangeError(
      `the cross kernel has ${cross.length} entries, not a whole number of rows of ${coefficients.length} samples`,
    );
  return multiply(cross, coefficients, new Float64Array(cross.length / coefficients.length));
}

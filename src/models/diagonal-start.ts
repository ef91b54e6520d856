import { scalesOf, startWeights } from "../plan/cohort.ts";
import { root, wholePower } from "../theory/powers.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Kernel, Overrides } from "../wgsl/kernel.ts";
import type { Member } from "../plan/cohort.ts";
import type { Finish } from "../plan/recorder.ts";
import { degreeOf } from "./degree.ts";
import type { Measurable } from "./measurable.ts";
import type { CohortContext } from "./model.ts";

/** Where a diagonal network starts, and the units that its run is stored in. */
export interface DiagonalStart {
  /** w+(0) and w-(0), [inputs] each. */
  plus: Float64Array;
  minus: Float64Array;
  equal: boolean;
  /** Output scale: f = A <w+^D - w-^D, x>. */
  A: number;
  /** Degree of homogeneity. */
  D: number;
  /** Powers of two: the unit of weights, and that of w+ - w- in units of weights (1 where copies start apart). */
  unit: number;
  displacement: number;
}

/** The largest power of (weight / unit) that a kernel takes stays within this, with weights of order 1. */
const LARGEST_POWER = 1e30;

/** w(0), and how a run's numbers are kept. */
export function diagonalStart(member: Member): DiagonalStart {
  const { run } = member;
  const D = degreeOf(run.model);
  const { A } = scalesOf(run);
  const a = startWeights(member);
  const n = a.length / 2;
  const [plus, minus] = [a.subarray(0, n), a.subarray(n)];
  const equal = plus.every((value, i) => value === minus[i]);
  const largest = a.reduce((max, value) => Math.max(max, value), 0);
  const smallestUnit = D > 1 ? LARGEST_POWER ** (-1 / (2 * D - 2)) : 0;
  const unit = powerOfTwo(Math.max(largest, smallestUnit));
  // beta = A unit^D displacement d O_D: with beta and O_D near 1, d is near 1 too. A penalty moves s at first order.
  const displacement =
    equal && run.loss.l2 === 0 ? Math.min(1, powerOfTwo(Math.max(1e-30, 1 / (A * wholePower(unit, D))))) : 1;
  return { plus, minus, equal, A, D, unit, displacement };
}

const powerOfTwo = (value: number): number => 2 ** Math.round(Math.log2(value));

/** What is trained or kept beside the model. */
export interface DiagonalFeatures {
  twin: boolean;
  decay: boolean;
  invariant: boolean;
  /** The start from which the flow would end where descent does. */
  effective: boolean;
  /** The mean of the predictors before all updates. */
  average: boolean;
  /** Trained by gradient flow: w+ and w- themselves are then kept in place of the conserved quantity. */
  flow: boolean;
}

/** How a run's weights are stored so that nothing cancels. */
export interface DiagonalCoordinates {
  /** Vectors of `inputs` floats a run. */
  fields: number;
  /** Values of the first fields at the start, in the run's units; the others start at zero. */
  initial(start: DiagonalStart): Float64Array[];
  /** An update from the sums over the batch; and one that makes these sums itself, where there is one. */
  update: Kernel;
  descent?: Kernel;
  /** Of both. */
  overrides: Overrides;
  kernelWeights: Kernel;
  predictor: { kernel: Kernel; overrides: Overrides };
  measure(
    context: CohortContext,
    bind: { state: GPUBuffer; runs: GPUBuffer },
    starts: readonly DiagonalStart[],
  ): Pick<Measurable, "weights" | "conserved"> &
    Partial<Pick<Measurable, "effectiveStart" | "averagePredictor">> & { linearDistance(): Finish };
  /** A run's weights [2 inputs] and predictor [inputs], in float64, from its stored state. */
  read(state: Float32Array, start: DiagonalStart): { weights: Float64Array; predictor: Float64Array };
}

/**
 * The smaller of w+ and w-, from the larger one and the conserved quantity: once the larger has grown, the stored
 * coordinates have lost it. Steps so large that nothing was conserved leave what is stored.
 *
 * @param stored the smaller one as the coordinates have it
 * @param drift I / I(0) - 1
 */
export function conservedPartner(
  large: number,
  stored: number,
  { D }: DiagonalStart,
  a: number,
  b: number,
  drift: number,
): number {
  const partner =
    D === 2
      ? (a * b * (1 + drift)) / large
      : 1 /
        root((wholePower(a, 2 - D) + wholePower(b, 2 - D)) * (1 + drift) - wholePower(large, 2 - D), D - 2);
  return Number.isFinite(partner) ? partner : stored;
}

/** Largest eigenvalue of X diag(weights) X^T, by power iteration to 1e-6 or 200 steps: never above the true one. */
export function largestEigenvalueOfGram({ X, samples, inputs }: Dataset, weights: Float64Array): number {
  let vector: Float64Array = Float64Array.from({ length: samples }, (_, i) => 1 + 0.1 * Math.sin(i));
  let eigenvalue = 0;
  for (let iteration = 0; iteration < 200; iteration++) {
    const through = new Float64Array(inputs);
    for (let i = 0; i < samples; i++)
      for (let k = 0; k < inputs; k++) through[k] += X[i * inputs + k] * vector[i];
    for (let k = 0; k < inputs; k++) through[k] *= weights[k];
    const next = new Float64Array(samples);
    for (let i = 0; i < samples; i++)
      for (let k = 0; k < inputs; k++) next[i] += X[i * inputs + k] * through[k];
    const norm = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (!(norm > 0)) return 0;
    vector = next.map((value) => value / norm);
    if (Math.abs(norm - eigenvalue) <= 1e-6 * norm) return norm;
    eigenvalue = norm;
  }
  return eigenvalue;
}

/** The linear predictor at w(0), [inputs], where it is not zero, nor taken off. */
export function startPredictor(member: Member): Float64Array | undefined {
  const { equal, plus, minus, A, D } = diagonalStart(member);
  return equal || member.run.init.subtract
    ? undefined
    : plus.map((value, i) => A * (wholePower(value, D) - wholePower(minus[i], D)));
}

/** Weights of K0 = A^2 D^2 X diag(weights) X^T, [inputs]. */
export const weightsOfKernel = ({ plus, minus, D }: DiagonalStart): Float64Array =>
  plus.map((value, i) => wholePower(value, 2 * D - 2) + wholePower(minus[i], 2 * D - 2));

/** Largest eigenvalue of the tangent kernel X diag(A^2 D^2 (w+^(2D-2) + w-^(2D-2))) X^T at w(0). */
export function largestDiagonalEigenvalue(member: Member, dataset: Dataset): number {
  const start = diagonalStart(member);
  const { A, D } = start;
  return largestEigenvalueOfGram(
    dataset,
    weightsOfKernel(start).map((weight) => (A * D) ** 2 * weight),
  );
}

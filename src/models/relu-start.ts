import { wholePower } from "../theory/powers.ts";
import type { Dataset, Sides } from "../data/dataset.ts";
import type { NetworkModel } from "../document/types.ts";
import { type Member, stepSize } from "../plan/cohort.ts";
import { type DenseNetwork, networkPass } from "../theory/index.ts";
import { degreeOf } from "./degree.ts";

/** One layer of weights, [above, below] row-major, and where its units' rows lie among all units. */
export interface Layer {
  offset: number;
  fan_in: number;
  fan_out: number;
  /** First rows; the input has none. */
  below: number;
  above: number;
}

/** The layers of one network in order; its units are all hidden ones, then the outputs. */
export function layersOf({ widths }: NetworkModel, { inputs, outputs }: Sides): Layer[] {
  let [offset, below, above] = [0, 0, 0];
  return [...widths, outputs].map((fan_out, index) => {
    const fan_in = widths[index - 1] ?? inputs;
    const layer = { offset, fan_in, fan_out, below, above };
    offset += fan_in * fan_out;
    below = above;
    above += fan_out;
    return layer;
  });
}

/** One copy, at these weights. */
export const networkOf = (
  { kind, widths }: NetworkModel,
  { outputs }: Sides,
  weights: Float64Array,
): DenseNetwork => ({
  widths,
  outputs,
  weights,
  linear: kind === "linear",
});

/** Weights of one network. */
export const parametersOf = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { fan_in, fan_out }) => sum + fan_in * fan_out, 0);

/** Where a ReLU network starts, and the unit that its run is stored in. */
export interface ReluStart {
  /** One copy's. */
  weights: Float64Array;
  /** The output's scale. */
  A: number;
  /** Degree of homogeneity: layers of weights. */
  D: number;
  /** A power of two near the largest weight: all numbers of a run are those of the network w / unit. */
  unit: number;
}

/** The largest power of (weight / unit) that a kernel takes stays within this, with weights of order 1. */
const LARGEST_POWER = 1e30;

/** w(0) = alpha w0 and the plain output, or w(0) = w0 and the output times alpha (Chizat et al. 2019). */
export function reluStart({ run, w0 }: Member): ReluStart {
  const { alpha, scaling } = run.init;
  const output = scaling === "output";
  const D = degreeOf(run.model);
  const weights = output ? w0 : w0.map((value) => alpha * value);
  const largest = weights.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const unit = 2 ** Math.round(Math.log2(Math.max(largest, LARGEST_POWER ** (-1 / (2 * D - 2)))));
  return { weights, A: output ? alpha : 1, D, unit };
}

/**
 * `struct RunParameters` of a run, in its order. In units of the run f = A unit^D h(w / unit), so that a step of w / unit
 * takes step size unit^(D-2) / A times slope and gradient of h, and the tangent kernel of f is (A unit^(D-1))^2 that of h.
 */
export function reluNumbers({ run }: Member, { A, D, unit }: ReluStart) {
  const eta = stepSize(run);
  return {
    rate: (eta * wholePower(unit, D - 2)) / A,
    output_scale: A * wholePower(unit, D),
    decay: 2 * eta * run.loss.l2,
    invariant_decay: 0,
    stop_loss: run.train.stopLoss ?? -1,
    kernel_unit: (A * unit ** (D - 1)) ** 2,
    displacement: 1,
  };
}

/** Products that the sizes of a network take: enough samples to tell an order of magnitude. */
const SIZING = 1e5;

/** Orders of magnitude of a network h: its largest output, and the largest part that a layer has in its tangent kernel. */
export interface ReluSizes {
  output: number;
  kernel: number;
}

const knownSizes = new WeakMap<Float64Array, WeakMap<Dataset, ReluSizes>>();

/** The sizes of h at w0, looked at once for all alphas: at alpha w0 they are alpha^D and alpha^(2D-2) times as large. */
export function sizesOf({ run, dataset, w0 }: Member): ReluSizes {
  if (!knownSizes.has(w0)) knownSizes.set(w0, new WeakMap());
  const known = knownSizes.get(w0)!;
  let sizes = known.get(dataset);
  if (!sizes) {
    const layers = layersOf(run.model as NetworkModel, dataset);
    const count = Math.min(dataset.samples, Math.max(1, Math.floor(SIZING / parametersOf(layers))));
    const {
      activations: below,
      signals: above,
      outputs,
    } = networkPass(
      networkOf(run.model as NetworkModel, dataset, w0),
      dataset.inputs,
      dataset.X.subarray(0, count * dataset.inputs),
    );
    const square = (values: Float64Array, row: number) => {
      const size = values.length / count;
      return values.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value * value, 0);
    };
    sizes = { output: outputs.reduce((max, value) => Math.max(max, Math.abs(value)), 0), kernel: 0 };
    for (let j = 0; j < count; j++)
      layers.forEach((_, l) => {
        sizes!.kernel = Math.max(sizes!.kernel, square(below[l], j) * square(above[l], j));
      });
    known.set(dataset, sizes);
  }
  return sizes;
}

/** Products beyond which the eigenvalue is not looked for. */
const DEAREST = 1e8;

/**
 * Largest eigenvalue of the tangent kernel at w(0), by power iteration on J (J^T v): never above the true one.
 *
 * @returns 0 where that would take too long
 */
export function largestEigenvalue(member: Member, dataset: Dataset): number {
  const model = member.run.model as NetworkModel;
  const { X, samples: N, inputs, outputs: O } = dataset;
  const layers = layersOf(model, dataset);
  const { weights, A } = reluStart(member);
  const ROUNDS = 30;
  if (2 * ROUNDS * N * O * parametersOf(layers) > DEAREST) return 0;
  const { activations: below, signals: above } = networkPass(networkOf(model, dataset, weights), inputs, X);
  let vector: Float64Array = Float64Array.from({ length: N * O }, (_, j) => 1 + 0.1 * Math.sin(j));
  let eigenvalue = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(N * O);
    layers.forEach(({ fan_in, fan_out }, l) => {
      const [H, B] = [below[l], above[l]];
      for (let u = 0; u < fan_out; u++)
        for (let i = 0; i < fan_in; i++) {
          let sum = 0;
          // Rows of signals are samples, outputs of each in turn.
          for (let j = 0; j < N; j++)
            for (let k = j * O; k < (j + 1) * O; k++)
              sum += vector[k] * B[k * fan_out + u] * H[j * fan_in + i];
          for (let j = 0; j < N; j++)
            for (let k = j * O; k < (j + 1) * O; k++) next[k] += sum * B[k * fan_out + u] * H[j * fan_in + i];
        }
    });
    const norm = Math.hypot(...next);
    if (!(norm > 0)) return 0;
    vector = next.map((value) => value / norm);
    const settled = Math.abs(norm - eigenvalue) <= 1e-3 * norm;
    eigenvalue = norm;
    if (settled) break;
  }
  return A * A * (model.unbiased ? 2 : 1) * eigenvalue;
}

import { wholePower } from "../theory/powers.ts";
import type { Dataset } from "../data/dataset.ts";
import type { NetworkModel, TrainSpecification } from "../document/types.ts";
import type { ReferenceLayer } from "../layers/layer.ts";
import { productsOf } from "../layers/network.ts";
import { activations, signals, weightsOf } from "../layers/pass.ts";
import { type Member, stepSize, scalesOf, startWeights } from "../plan/cohort.ts";
import { degreeOf } from "./degree.ts";
import { layersOf } from "./network-layers.ts";

/** The first layer that trains. */
export const firstTrained = ({ layers }: TrainSpecification, network: readonly unknown[]): number =>
  layers === "last" ? network.length - 1 : 0;

/** How many of a copy's weights, its first, stay as they are. */
export const frozenWeights = (train: TrainSpecification, network: readonly ReferenceLayer[]): number =>
  network[firstTrained(train, network)].sizes.offset;

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

/** w(0), and how a run's numbers are kept. */
export function reluStart(member: Member): ReluStart {
  const { run } = member;
  const D = degreeOf(run.model);
  const weights = startWeights(member);
  const largest = weights.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const unit = 2 ** Math.round(Math.log2(Math.max(largest, LARGEST_POWER ** (-1 / (2 * D - 2)))));
  return { weights, A: scalesOf(run).A, D, unit };
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
    const { samples, inputs, outputs: O, X } = dataset;
    const count = Math.min(samples, Math.max(1, Math.floor(SIZING / productsOf(layers))));
    const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    sizes = { output: 0, kernel: 0 };
    for (let j = 0; j < count; j++) {
      const all = activations(layers, w0, X.subarray(j * inputs, (j + 1) * inputs));
      const back = Array.from({ length: O }, (_, output) => signals(layers, w0, all, output));
      for (const value of all.at(-1)!) sizes.output = Math.max(sizes.output, Math.abs(value));
      layers.forEach(({ sizes: { fan_in, fan_out, positions }, reference }, l) => {
        let part = 0;
        if (positions === 1) part = square(all[l]) * back.reduce((sum, from) => sum + square(from[l]), 0);
        else
          for (const from of back) {
            const G = new Float64Array(fan_in * fan_out);
            reference.gradient(layers[l].sizes, from[l], all[l], G);
            part += square(G);
          }
        sizes!.kernel = Math.max(sizes!.kernel, part);
      });
    }
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
  const lowest = firstTrained(member.run.train, layers);
  const ROUNDS = 30;
  if (2 * ROUNDS * N * O * productsOf(layers) > DEAREST) return 0;
  const rows = Array.from({ length: N }, (_, j) => {
    const all = activations(layers, weights, X.subarray(j * inputs, (j + 1) * inputs));
    return { all, back: Array.from({ length: O }, (_, output) => signals(layers, weights, all, output)) };
  });
  const G = new Float64Array(weights.length);
  let vector: Float64Array = Float64Array.from({ length: N * O }, (_, j) => 1 + 0.1 * Math.sin(j));
  let eigenvalue = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(N * O);
    const through = new Float64Array(weights.length);
    const each = (visit: (k: number) => void) =>
      rows.forEach(({ all, back }, j) =>
        back.forEach((from, output) => {
          G.fill(0);
          layers
            .slice(lowest)
            .forEach((layer, l) =>
              layer.reference.gradient(layer.sizes, from[lowest + l], all[lowest + l], weightsOf(layer, G)),
            );
          visit(j * O + output);
        }),
      );
    each((k) => G.forEach((value, p) => (through[p] += vector[k] * value)));
    each((k) => G.forEach((value, p) => (next[k] += through[p] * value)));
    const norm = Math.hypot(...next);
    if (!(norm > 0)) return 0;
    vector = next.map((value) => value / norm);
    const settled = Math.abs(norm - eigenvalue) <= 1e-3 * norm;
    eigenvalue = norm;
    if (settled) break;
  }
  return A * A * (model.unbiased ? 2 : 1) * eigenvalue;
}

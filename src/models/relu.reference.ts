import type { Dataset, Sides } from "../data/dataset.ts";
import type { Run } from "../document/types.ts";
import { parametersOf } from "../layers/network.ts";
import { activations, gradient } from "../layers/pass.ts";
import { lossOf } from "../losses/registry.ts";
import { batchSize, epochDraws, stepSize, scalesOf, startWeights } from "../plan/cohort.ts";
import { follow } from "./flow.reference.ts";
import { layersOf } from "./network-layers.ts";
import { frozenWeights } from "./relu-start.ts";

/** A ReLU run in float64; weights are every copy's layers in order, row-major [out, in]. */
export interface ReluState {
  updates: number;
  /** Under a flow: which slope of the step is about to be found here, counted from 0; else 0. */
  stage: number;
  weights: Float64Array;
  start: Float64Array;
  /** w - w(0), and the linearized twin's: wbar - w(0). */
  displacement: Float64Array;
  linearDisplacement: Float64Array;
  /** f and fbar on the training inputs, [samples, outputs]. */
  outputs: Float64Array;
  linearOutputs: Float64Array;
}

const row = (X: Float64Array, inputs: number, j: number) => X.subarray(j * inputs, (j + 1) * inputs);

/** The model as a run asks for it: one network or the difference of two copies, times the output's scale. */
export function reluOf(
  { model, init, train }: Pick<Run, "model" | "init"> & Partial<Pick<Run, "train">>,
  sides: Sides,
) {
  if (model.kind === "diagonal" || model.kind === "matrix") throw new Error("not a network of layers");
  const layers = layersOf(model, sides);
  const size = parametersOf(layers);
  const copies = model.unbiased ? 2 : 1;
  const { A } = scalesOf({ init });
  const signs = [A, -A].slice(0, copies);
  const frozen = train ? frozenWeights(train, layers) : 0;
  const copyOf = (weights: Float64Array, copy: number) => weights.subarray(copy * size, (copy + 1) * size);
  return {
    layers,
    size,
    copies,
    /** Whether a weight trains. */
    trains: (q: number) => q % size >= frozen,
    /** [outputs]. */
    outputs: (weights: Float64Array, x: Float64Array) =>
      signs.reduce(
        (f, sign, copy) =>
          activations(layers, copyOf(weights, copy), x)
            .at(-1)!
            .map((value, output) => f[output] + sign * value),
        new Float64Array(sides.outputs),
      ),
    /** Gradient of an output by all weights; 0 by those that do not train. */
    gradient(weights: Float64Array, x: Float64Array, output = 0) {
      const all = new Float64Array(copies * size);
      signs.forEach((sign, copy) =>
        all.set(
          gradient(layers, copyOf(weights, copy), x, output).map((value) => sign * value),
          copy * size,
        ),
      );
      for (let copy = 0; copy < copies; copy++) all.fill(0, copy * size, copy * size + frozen);
      return all;
    },
  };
}

/** Jacobian on inputs X, [samples, outputs, weights]. */
export function reluJacobian(
  run: Pick<Run, "model" | "init"> & Partial<Pick<Run, "train">>,
  weights: Float64Array,
  X: Float64Array,
  sides: Sides,
): Float64Array[] {
  const model = reluOf(run, sides);
  const { inputs, outputs } = sides;
  return Array.from({ length: (X.length / inputs) * outputs }, (_, k) =>
    model.gradient(weights, row(X, inputs, Math.floor(k / outputs)), k % outputs),
  );
}

/**
 * The float64 twin of the ReLU model, by explicit gradients; its linearization is trained in weight space with the
 * explicit Jacobian at w(0), on the same batches.
 *
 * @param w0 one copy's weights before alpha
 * @param visit called before every update, or every slope of a flow, and after the last with the state, which changes
 *   afterwards
 * @param steps sizes of a flow's steps
 */
export function trainRelu(
  run: Run,
  dataset: Dataset,
  w0: Float64Array,
  visit: (state: ReluState) => void,
  steps: readonly number[] = [],
): void {
  const { samples: N, inputs: n, outputs: O, X, y } = dataset;
  const { train, loss, init } = run;
  const { sample } = lossOf(loss);
  const model = reluOf(run, dataset);
  const { A } = scalesOf(run);
  const one = startWeights({ run, w0 });
  const start = new Float64Array(model.copies * model.size);
  for (let copy = 0; copy < model.copies; copy++) start.set(one, copy * model.size);
  const size = batchSize(run, N);
  const eta = stepSize(run) / A ** 2;
  const mu = 2 * stepSize(run) * loss.l2;
  const J0 = reluJacobian(run, start, X, dataset);
  const outputsAt = (weights: Float64Array) =>
    Float64Array.from(Array.from({ length: N }, (_, j) => [...model.outputs(weights, row(X, n, j))]).flat());
  const f0 = outputsAt(start);
  // What the model's outputs are less by.
  const shift = f0.map((value) => (init.subtract ? value : 0));
  const weights = Float64Array.from(start);
  // The model's displacement, then the twin's.
  const both = new Float64Array(2 * start.length);
  const [moved, linear] = [both.subarray(0, start.length), both.subarray(start.length)];
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const state: ReluState = {
    updates: 0,
    stage: 0,
    weights,
    start,
    displacement: moved,
    linearDisplacement: linear,
    outputs: new Float64Array(N * O),
    linearOutputs: new Float64Array(N * O),
  };
  const evaluate = () => {
    moved.forEach((value, p) => (weights[p] = start[p] + value));
    outputsAt(weights).forEach((f, k) => {
      state.outputs[k] = f - shift[k];
      state.linearOutputs[k] = f0[k] - shift[k] + dot(J0[k], linear);
    });
  };
  const changes = (batch: Uint32Array, noise?: Float64Array) => {
    visit(state);
    const rate = eta * (loss.reduction === "mean" ? 1 / batch.length : 1);
    const added = both.map((value, q) => (model.trains(q) ? -mu * (start[q % start.length] + value) : 0));
    for (const j of batch) {
      const own = (values: Float64Array) => values.subarray(j * O, (j + 1) * O);
      const labels = own(y).map((label) => label + (noise?.[j] ?? 0));
      const { slopes } = sample(own(state.outputs), labels);
      const { slopes: linearSlopes } = sample(own(state.linearOutputs), labels);
      for (let k = j * O; k < (j + 1) * O; k++) {
        const [slope, linearSlope] = [slopes[k - j * O], linearSlopes[k - j * O]];
        const g = model.gradient(weights, row(X, n, j), k - j * O);
        for (let p = 0; p < g.length; p++) {
          added[p] -= rate * slope * g[p];
          added[start.length + p] -= rate * linearSlope * J0[k][p];
        }
      }
    }
    return added;
  };
  const all = Uint32Array.from({ length: N }, (_, j) => j);
  evaluate();
  if (train.method === "gradient-flow")
    follow(both, steps, {
      slope: () => changes(all),
      moved(updates, stage) {
        Object.assign(state, { updates, stage });
        evaluate();
      },
    });
  else
    for (let epoch = 0; epoch < train.epochs; epoch++) {
      const { order, noise } = epochDraws(run, epoch, N);
      for (let first = 0; first < N; first += size) {
        const added = changes(order.subarray(first, first + size), noise);
        for (let q = 0; q < both.length; q++) both[q] += added[q];
        state.updates += 1;
        evaluate();
      }
    }
  visit(state);
}

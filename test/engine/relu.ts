import { expect } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { recordEpochs } from "../../src/document/record-epochs.ts";
import type { Run } from "../../src/document/types.ts";
import type { Files } from "../../src/engine.ts";
import type { Layer, LayerSizes } from "../../src/layers/layer.ts";
import { depthOf } from "../../src/layers/network.ts";
import { activations } from "../../src/layers/pass.ts";
import { averagePoolReference } from "../../src/layers/pool/pool.reference.ts";
import { type ReluState, reluJacobian, reluOf, trainRelu } from "../../src/models/relu.reference.ts";
import { networkBehaviour } from "../../src/models/network-behaviour.ts";
import { lossOf } from "../../src/losses/registry.ts";
import type { Row } from "./experiment.ts";
import { kernelSpectrum } from "./kernel-spectrum.ts";

const sum = (values: Iterable<number>) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
const norm = (values: Float64Array) => Math.sqrt(sum(values.map((value) => value * value)));

/** K of an explicit Jacobian. */
export const explicitKernel = (J: readonly Float64Array[]): Float64Array => crossKernel(J, J);

/** K between the samples of two explicit Jacobians. */
export function crossKernel(rows: readonly Float64Array[], columns: readonly Float64Array[]): Float64Array {
  const N = columns.length;
  return Float64Array.from({ length: rows.length * N }, (_, entry) =>
    rows[Math.floor(entry / N)].reduce((total, value, p) => total + value * columns[entry % N][p], 0),
  );
}

/** The tangent kernel that a run records, of its Jacobian [samples, outputs, weights]: samples of each output in turn, or traced. */
export function kernelOf({ record }: Run, J: readonly Float64Array[], outputs: number): Float64Array {
  const N = J.length / outputs;
  const ofOutput = (output: number) => J.filter((_, k) => k % outputs === output);
  const each = Array.from({ length: outputs }, (_, output) => ofOutput(output));
  if (record.kernelOutputs === "full") return explicitKernel(each.flat());
  const K = new Float64Array(N * N);
  for (const own of each) explicitKernel(own).forEach((value, entry) => (K[entry] += value));
  return K;
}

/** Compares a kernel between test and training samples, traced over outputs, with explicit Jacobians. */
export function expectTestKernel(
  actual: Float32Array,
  run: Run,
  weights: Float64Array,
  dataset: Dataset,
): void {
  const { X, testX, outputs } = dataset;
  const [rows, columns] = [testX, X].map((inputs) => reluJacobian(run, weights, inputs, dataset));
  const ofOutput = (J: readonly Float64Array[], output: number) => J.filter((_, k) => k % outputs === output);
  const expected = new Float64Array(actual.length);
  for (let output = 0; output < outputs; output++) {
    const part = crossKernel(ofOutput(rows, output), ofOutput(columns, output));
    expect(part.length).toBe(actual.length);
    part.forEach((value, k) => (expected[k] += value));
  }
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  expected.forEach((value, k) => expect(Math.abs(value - actual[k]), `${k}`).toBeLessThan(1e-5 * largest));
}

/** Targets of each output in turn, [outputs, samples]. */
const byOutput = (y: Float64Array, outputs: number) =>
  Float64Array.from(
    y,
    (_, k) => y[(k % (y.length / outputs)) * outputs + Math.floor(k / (y.length / outputs))],
  );

/** Margins: y f of one output; of several the output of the largest target less the largest other. */
function marginsOf(f: ArrayLike<number>, y: Float64Array, outputs: number): number[] {
  if (outputs === 1) return Array.from(y, (target, j) => target * f[j]);
  return Array.from({ length: y.length / outputs }, (_, j) => {
    const own = Array.from({ length: outputs }, (_, o) => [y[j * outputs + o], f[j * outputs + o]]);
    const label = own.findIndex(([target]) => target === Math.max(...own.map(([each]) => each)));
    return own[label][1] - Math.max(...own.filter((_, o) => o !== label).map(([, output]) => output));
  });
}

/** 1 - cos of two Jacobians, from their difference. */
function gradientDistance(J0: readonly Float64Array[], J: readonly Float64Array[]): number {
  const inner = (a: readonly Float64Array[], b: readonly Float64Array[]) =>
    sum(a.flatMap((row, k) => Array.from(row, (value, p) => value * b[k][p])));
  const change = J.map((row, k) => row.map((value, p) => value - J0[k][p]));
  const along = inner(change, J0) / inner(J0, J0);
  const across = change.map((row, k) => row.map((value, p) => value - along * J0[k][p]));
  const sizes = Math.sqrt(inner(J, J) * inner(J0, J0));
  return inner(across, across) / (sizes + inner(J, J0)) / Math.sqrt(inner(J, J) / inner(J0, J0));
}

/** Layers whose outputs on ones are sums over paths: through a pool of the largest, one leads from every pixel. */
const pathsOf = (layers: readonly Layer[]) =>
  layers.map((layer) => ({
    ...layer,
    reference: layer.overrides?.MAX
      ? {
          ...layer.reference,
          forward: (sizes: LayerSizes, W: Float64Array, h: Float64Array) =>
            averagePoolReference.forward(sizes, W, h).map((mean) => mean * sizes.window ** 2),
        }
      : layer.reference,
  }));

/** Everything that a record may hold, of a state in float64. */
export function reluRow(run: Run, dataset: Dataset, state: ReluState, K0: Float64Array): Row {
  const { samples: N, inputs: n, outputs: O, X, y, testX, testY, testSamples } = dataset;
  const model = reluOf(run, dataset);
  const degree = depthOf(model.layers);
  const { weights, start, displacement, linearDisplacement, outputs, linearOutputs } = state;
  const mean = run.loss.reduction === "mean";
  const loss = (f: ArrayLike<number>, targets: Float64Array) =>
    sum(
      Array.from({ length: targets.length / O }, (_, j) => {
        const own = Array.from({ length: O }, (_, output) => j * O + output);
        const { value } = lossOf(run.loss).sample(
          own.map((k) => f[k]),
          own.map((k) => targets[k]),
        );
        return value;
      }),
    ) / (mean ? targets.length / O : 1);
  const accuracy = (f: ArrayLike<number>, targets: Float64Array) =>
    marginsOf(f, targets, O).filter((margin) => margin > 0).length / (targets.length / O);
  const outputsAt = (x: Float64Array) => {
    const before = run.init.subtract ? model.outputs(start, x) : new Float64Array(O);
    return Array.from(model.outputs(weights, x), (value, output) => value - before[output]);
  };
  const tests = Array.from({ length: testSamples }, (_, j) =>
    outputsAt(testX.subarray(j * n, (j + 1) * n)),
  ).flat();
  const K = kernelOf(run, reluJacobian(run, weights, X, dataset), O);
  const dK = K.map((value, entry) => value - K0[entry]);
  const inner = sum(dK.map((value, entry) => value * K0[entry]));
  const along = inner / norm(K0) ** 2;
  const across = norm(dK.map((value, entry) => value - along * K0[entry]));
  let paths = 0;
  let active = 0;
  let same = 0;
  let hidden = 0;
  let drift = 0;
  const stable = new Map<number, number[]>();
  for (let copy = 0; copy < model.copies; copy++) {
    const own = (all: Float64Array) => all.subarray(copy * model.size, (copy + 1) * model.size);
    paths += sum(
      activations(pathsOf(model.layers), own(weights).map(Math.abs), new Float64Array(n).fill(1)).at(-1)!,
    );
    const alive = new Map<string, boolean>();
    for (let j = 0; j < N; j++) {
      const x = X.subarray(j * n, (j + 1) * n);
      const [now, before] = [
        activations(model.layers, own(weights), x),
        activations(model.layers, own(start), x),
      ];
      for (let l = 1; l < model.layers.length; l++)
        if (model.layers[l - 1].fan_out > 0)
          now[l].forEach((value, u) => {
            alive.set(`${l} ${u}`, (alive.get(`${l} ${u}`) ?? false) || value > 0);
            same += Number(value > 0 === before[l][u] > 0);
            stable.set(l, [...(stable.get(l) ?? []), Number(value > 0 === before[l][u] > 0)]);
          });
    }
    hidden += alive.size;
    active += sum(Array.from(alive.values(), Number));
    if (degree === 2 && run.model.kind !== "diagonal" && run.model.widths) {
      const width = model.layers[0].fan_out;
      const conserved = (w: Float64Array, u: number, sign: number) =>
        norm(w.subarray(u * n, (u + 1) * n)) ** 2 +
        sign * sum(Array.from({ length: O }, (_, o) => w[width * (n + o) + u] ** 2));
      for (let u = 0; u < width; u++)
        drift = Math.max(
          drift,
          Math.abs(conserved(own(weights), u, -1) - conserved(own(start), u, -1)) /
            conserved(own(start), u, 1),
        );
    }
  }
  // What a linear network makes of each input alone.
  const predictor = Float64Array.from({ length: n }, (_, i) => {
    const x = new Float64Array(n).fill(1, i, i + 1);
    return outputsAt(x)[0];
  });
  const last = model.layers.at(-1)!;
  return {
    ...(run.model.kind === "linear" && {
      predictor_l1: sum(predictor.map(Math.abs)),
      predictor_l2: norm(predictor),
    }),
    loss: loss(outputs, y),
    linear_loss: loss(linearOutputs, y),
    test_loss: loss(tests, testY),
    train_accuracy: accuracy(outputs, y),
    test_accuracy: accuracy(tests, testY),
    function_distance: norm(outputs.map((value, j) => value - linearOutputs[j])) / Math.sqrt(N),
    weight_distance: norm(displacement),
    last_layer_distance: norm(
      displacement.filter((_, p) => p % model.size >= model.size - last.fan_in * last.fan_out),
    ),
    linear_distance: norm(displacement.map((value, p) => value - linearDisplacement[p])),
    ntk_drift: norm(dK) / norm(K0),
    ntk_change_lowest: Math.min(...dK),
    ntk_change_highest: Math.max(...dK),
    ...kernelSpectrum(K, byOutput(y, O).subarray(0, Math.sqrt(K.length)), O),
    ntk_misalignment: across ** 2 / (norm(K) * (norm(K) + norm(K0) + inner / norm(K0))),
    weight_l1: sum(weights.map(Math.abs)),
    weight_l2: norm(weights),
    margin: Math.min(...marginsOf(outputs, y, O)) / norm(weights) ** degree,
    path_norm: paths,
    active_units: active / hidden,
    activation_stability: same / (hidden * N),
    layer_activation_stability:
      sum(Array.from(stable.values(), (signs) => sum(signs) / signs.length)) / stable.size,
    gradient_distance: gradientDistance(
      reluJacobian(run, start, X, dataset),
      reluJacobian(run, weights, X, dataset),
    ),
    flow_error: drift,
  };
}

/** The float64 twin's records of a run, at the epochs that the engine records. */
export function reluRows(run: Run, files: Files): Row[] {
  const { encode } = lossOf(run.loss);
  const read = loadDataset(run.data, files);
  const dataset = encode ? encode(read) : read;
  const w0 = networkBehaviour.initial(run, dataset, files);
  if (run.train.method !== "gradient-descent") throw new Error("the reference trains by gradient descent");
  const { epochs, stepSize, batchSize } = run.train;
  const batches =
    batchSize === "full" ? 1 : Math.ceil(dataset.samples / Math.min(batchSize, dataset.samples));
  const recorded = recordEpochs(run.record.every, epochs);
  const rows: Row[] = [];
  let K0: Float64Array | undefined;
  trainRelu(run, dataset, w0, (state) => {
    K0 ??= kernelOf(run, reluJacobian(run, state.start, dataset.X, dataset), dataset.outputs);
    const epoch = state.updates / batches;
    if (recorded.includes(epoch))
      rows.push({ epoch, time: state.updates * stepSize, ...reluRow(run, dataset, state, K0) });
  });
  return rows;
}

import inputsUrl from "../../experiments/data/seed500-inputs.npy?url";
import targetsUrl from "../../experiments/data/seed500-targets.npy?url";
import { npyHeader } from "../../src/data/npy.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { recordEpochs } from "../../src/document/record-epochs.ts";
import type { Experiment, Json, Run } from "../../src/document/types.ts";
import { type EngineOptions, type EngineReport, type Files, runExperiment } from "../../src/engine.ts";
import { type DiagonalState, trainDiagonal } from "../../src/models/diagonal.reference.ts";
import { lossOf } from "../../src/losses/registry.ts";
import { degreeOf } from "../../src/models/degree.ts";
import { diagonalBehaviour } from "../../src/models/diagonal-behaviour.ts";
import type { EndBlock, RecordBlock } from "../../src/scheduler/sink.ts";
import { kernelSpectrum } from "./kernel-spectrum.ts";
import { sharedDevice } from "./shared-device.ts";

/** The thesis's data of Sections 4.3-4.4 (seed 500). */
export const seed500 = { kind: "file", inputs: "seed500-inputs.npy", targets: "seed500-targets.npy" };

let fetched: Promise<Files> | undefined;

export const seed500Files = (): Promise<Files> =>
  (fetched ??= Promise.all(
    Object.entries({ "seed500-inputs.npy": inputsUrl, "seed500-targets.npy": targetsUrl }).map(
      async ([name, url]) => [name, new Uint8Array(await (await fetch(url)).arrayBuffer())] as const,
    ),
  ).then((entries) => new Map(entries)));

/** An .npy file, of one dimension unless told. */
export function npyFile(values: Float64Array, shape: readonly number[] = [values.length]): Uint8Array {
  const header = npyHeader([...shape], "f8");
  const file = new Uint8Array(header.length + values.byteLength);
  file.set(header);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length);
  return file;
}

/** One record of one run. */
export type Row = Record<string, number>;

export interface Trained {
  experiment: Experiment;
  /** By run, its records in order: epoch, time and the quantities. */
  rows: Row[][];
  /** By run, its kernels in order. */
  kernels: Float32Array[][];
  /** The same between test and training inputs. */
  testKernels: Float32Array[][];
  /** By run, singular values of its matrix in order. */
  singularValues: Float32Array[][];
  /** By run, hidden units in order, and outputs on training and test inputs. */
  neurons: Float32Array[][];
  firstLayers: Float32Array[][];
  outputs: Float32Array[][];
  functions: Float32Array[][];
  status: string[];
  epochs: number[];
  weights: Float32Array[];
  predictors: Float32Array[];
  report: EngineReport;
}

/** Runs a document on the real GPU and keeps everything. */
export async function trained(
  document: Record<string, Json>,
  files: Files = new Map(),
  options: Partial<EngineOptions> = {},
): Promise<Trained> {
  const experiment = readExperiment({ name: "test", ...document }, "test.json");
  const count = experiment.runs.length;
  const lists = <T>() => Array.from({ length: count }, (): T[] => []);
  const result = {
    experiment,
    rows: lists<Row>(),
    kernels: lists<Float32Array>(),
    testKernels: lists<Float32Array>(),
    singularValues: lists<Float32Array>(),
    neurons: lists<Float32Array>(),
    firstLayers: lists<Float32Array>(),
    outputs: lists<Float32Array>(),
    functions: lists<Float32Array>(),
    status: [] as string[],
    epochs: [] as number[],
    weights: [] as Float32Array[],
    predictors: [] as Float32Array[],
  };
  // None of its buffers may be left over.
  const device = options.minimumLimits ? undefined : await sharedDevice();
  const report = await runExperiment(experiment, files, {
    gpu: navigator.gpu,
    ...(device ? { device } : {}),
    sink: {
      record(block: RecordBlock) {
        block.runs.forEach((run, row) => {
          const values: Row = { epoch: block.epoch[row], time: block.time[row] };
          for (const [name, column] of Object.entries(block.quantities)) values[name] = column[row]!;
          if (result.rows[run].length !== block.record)
            throw new Error(`record ${block.record} of run ${run} is out of order`);
          result.rows[run].push(values);
          for (const [kernels, all] of [
            [block.arrays?.ntk?.data, result.kernels],
            [block.arrays?.test_ntk?.data, result.testKernels],
            [block.arrays?.singular_values?.data, result.singularValues],
            [block.arrays?.neurons?.data, result.neurons],
            [block.arrays?.first_layer?.data, result.firstLayers],
            [block.arrays?.outputs?.data, result.outputs],
            [block.arrays?.function?.data, result.functions],
          ] as const) {
            if (!kernels) continue;
            const entries = kernels.length / block.runs.length;
            all[run].push(kernels.slice(row * entries, (row + 1) * entries));
          }
        });
      },
      end(block: EndBlock) {
        block.runs.forEach((run, row) => {
          result.status[run] = block.status[row]!;
          result.epochs[run] = block.epochs[row]!;
          const cut = (all?: Float32Array) =>
            all?.slice((row * all.length) / block.runs.length, ((row + 1) * all.length) / block.runs.length);
          const [weights, predictor] = [cut(block.arrays?.weights?.data), cut(block.arrays?.predictor?.data)];
          if (weights) result.weights[run] = weights;
          if (predictor) result.predictors[run] = predictor;
        });
      },
    },
    ...options,
  });
  if (device?.buffers) throw new Error(`${device.buffers} buffers are left over`);
  return { ...result, report };
}

/** The float64 twin's records of a run, at the epochs that the engine records. */
export function referenceRows(run: Run, files: Files): Row[] {
  const dataset = loadDataset(run.data, files);
  const { samples: N, inputs: n, X } = dataset;
  const w0 = diagonalBehaviour.initial(run, { inputs: n, outputs: 1 }, files);
  const D = degreeOf(run.model);
  const A = run.init.scaling === "output" ? run.init.alpha : 1;
  const a = w0.map((value) => (run.init.scaling === "output" ? 1 : run.init.alpha) * value);
  if (run.train.method !== "gradient-descent") throw new Error("the reference trains by gradient descent");
  const { epochs, stepSize } = run.train;
  const size = run.train.batchSize === "full" ? N : Math.min(run.train.batchSize, N);
  const batches = Math.ceil(N / size);
  const recorded = recordEpochs(run.record.every, epochs);
  const rows: Row[] = [];
  const squares = (values: Iterable<number>) => {
    let sum = 0;
    for (const value of values) sum += value * value;
    return sum;
  };
  const gram = (weights: Float64Array) => {
    const K = new Float64Array(N * N);
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++)
        for (let k = 0; k < n; k++) K[i * N + j] += X[i * n + k] * weights[k] * X[j * n + k];
    return K;
  };
  const losses = (outputs: Float64Array, y: Float64Array) =>
    outputs.reduce((sum, f, j) => sum + lossOf(run.loss).sample([f], [y[j]]).value, 0);
  const factor = (A * D) ** 2;
  const K0 = gram(
    Float64Array.from({ length: n }, (_, k) => factor * (a[k] ** (2 * D - 2) + a[n + k] ** (2 * D - 2))),
  );
  trainDiagonal(run, dataset, w0, (state: DiagonalState) => {
    if (state.updates % batches !== 0 || !recorded.includes(state.updates / batches)) return;
    const mean = run.loss.reduction === "mean" ? N : 1;
    const plus = Float64Array.from(state.plus, (value, i) => a[i] + value);
    const minus = Float64Array.from(state.minus, (value, i) => a[n + i] + value);
    const dK = gram(state.kernelChange.map((value) => factor * value));
    const inner = dK.reduce((sum, value, k) => sum + value * K0[k], 0);
    const start = squares(K0);
    const along = inner / start;
    const across = squares(dK.map((value, k) => value - along * K0[k]));
    const K = Math.sqrt(squares(dK.map((value, k) => value + K0[k])));
    const star = dataset.betaStar;
    const outputs = (inputs: Float64Array, count: number) =>
      Float64Array.from({ length: count }, (_, j) =>
        state.beta.reduce((sum, slope, i) => sum + slope * inputs[j * n + i], 0),
      );
    const products = outputs(X, N).map((f, j) => f * dataset.y[j]);
    const testProducts = outputs(dataset.testX, dataset.testSamples).map((f, j) => f * dataset.testY[j]);
    const share = (values: Float64Array) => values.filter((value) => value > 0).length / values.length;
    rows.push({
      epoch: state.updates / batches,
      time: state.updates * stepSize,
      loss: losses(state.outputs, dataset.y) / mean,
      linear_loss:
        losses(
          state.outputs.map((value, j) => value - state.gap[j]),
          dataset.y,
        ) / mean,
      function_distance: Math.sqrt(squares(state.gap) / N),
      weight_distance: Math.sqrt(squares(state.plus) + squares(state.minus)),
      linear_distance: Math.sqrt(squares(state.gapPlus) + squares(state.gapMinus)),
      ntk_drift: Math.sqrt(squares(dK) / start),
      ntk_change_lowest: Math.min(...dK),
      ntk_change_highest: Math.max(...dK),
      ntk_misalignment: across / (K * (K + Math.sqrt(start) + inner / Math.sqrt(start))),
      test_loss:
        losses(outputs(dataset.testX, dataset.testSamples), dataset.testY) /
        (run.loss.reduction === "mean" ? dataset.testSamples : 1),
      predictor_l1: state.beta.reduce((sum, value) => sum + Math.abs(value), 0),
      predictor_l2: Math.sqrt(squares(state.beta)),
      population_l1: star ? state.beta.reduce((sum, value, i) => sum + Math.abs(value - star[i]), 0) : NaN,
      population_l2: star ? squares(state.beta.map((value, i) => value - star[i])) : NaN,
      // At depth 2 w+ w- is the square of the scale.
      effective_alpha: Math.exp(
        state.invariant.reduce((sum, value) => sum + 0.5 * Math.log(Math.abs(1 + value)), 0) / n +
          Math.log(run.init.alpha) / (run.init.scaling === "output" ? 2 : 1),
      ),
      flow_error: Math.max(...state.invariant.map(Math.abs)),
      train_accuracy: share(products),
      test_accuracy: share(testProducts),
      margin: Math.min(...products) / Math.sqrt(squares(plus) + squares(minus)) ** D,
      ...kernelSpectrum(
        dK.map((value, k) => value + K0[k]),
        dataset.y,
      ),
      weight_l1: [...plus, ...minus].reduce((sum, value) => sum + Math.abs(value), 0),
      weight_l2: Math.sqrt(squares(plus) + squares(minus)),
    });
  });
  return rows;
}

/** The largest error of a quantity over a run's records, relative to each value, or to the largest of them. */
export function worstError(
  actual: readonly Row[],
  expected: readonly Row[],
  name: string,
  toLargest = false,
): number {
  const largest = Math.max(...expected.map((row) => Math.abs(row[name])));
  return Math.max(
    ...expected.map((row, k) => {
      // Float64's own drift of the conserved quantity is of the order of 1e-15.
      const floor = name === "flow_error" ? 1e-9 : 0;
      const scale = toLargest ? largest : Math.max(floor, Math.abs(row[name]));
      const error = Math.abs(actual[k][name] - row[name]);
      return error === 0 ? 0 : error / scale;
    }),
  );
}

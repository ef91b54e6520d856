import { outputsOf, backOf } from "../../data/measure.ts";
import type { Dataset } from "../../data/dataset.ts";
import { epochOrder } from "../../data/stream.ts";
import type { MatrixModel, Run } from "../../document/types.ts";
import { type Member, batchSize, shuffleSeed } from "../../plan/cohort.ts";
import { follow } from "../flow.reference.ts";
import { type Coordinates, coordinatesOf } from "./coordinates.ts";
import { type Operation, type RunFactor, evaluate } from "./program.ts";
import { factorsOfRun, initialState, matrixStart, startPredictor, targetsLeft } from "./start.ts";

/** A run after some updates. What is not of the run's units says so. */
export interface MatrixState {
  updates: number;
  /** Of a step of a flow. */
  stage: number;
  /** All of a run's numbers, after `forward`: in the run's units. */
  numbers: Float64Array;
  /** The factors that operations on them take. */
  factors: Readonly<Record<RunFactor, number>>;
  coordinates: Coordinates;
  /** The change of A W since the start, and A W less that of the linearized model, [rows, columns]. */
  change: Float64Array;
  gapMatrix: Float64Array;
  /** f - y and f - fbar of all samples. */
  residual: Float64Array;
  gap: Float64Array;
}

/** Coordinates of a run in float64, with everything that can be trained beside it. */
export const referenceCoordinates = (member: Member, derivatives = false): Coordinates =>
  coordinatesOf(matrixStart(member).shapes, {
    unbiased: (member.run.model as MatrixModel).unbiased,
    symmetric: (member.run.model as MatrixModel).symmetric,
    twin: true,
    decay: member.run.loss.l2 > 0,
    flow: derivatives,
  });

/**
 * Trains a matrix model in float64, beside its linearization, by the operations that shaders/matrix_runs.wgsl makes in
 * float32; test/models/matrix.test.ts compares them with gradients of the factors themselves.
 *
 * @param visit called with the state before the first update and after each, or at each stage of a flow
 * @param steps sizes of a flow's steps
 */
export function trainMatrix(
  run: Run,
  dataset: Dataset,
  w0: Float64Array,
  visit: (state: MatrixState) => void,
  { steps }: { steps?: readonly number[] } = {},
): void {
  const member = { run, dataset, w0 };
  const start = matrixStart(member);
  const { samples: N } = dataset;
  const flows = run.train.method === "gradient-flow";
  const coordinates = referenceCoordinates(member, flows);
  const { stride, size, predictor, gapPredictor } = coordinates;
  const numbers = new Float64Array(size);
  numbers.set(initialState(member, start, coordinates));
  const targets = targetsLeft(dataset, startPredictor(member));
  const batch = batchSize(run, N);
  const batches = Math.ceil(N / batch);
  const outputs = factorsOfRun(member, start);
  const state: MatrixState = {
    ...{ updates: 0, stage: 0, numbers, coordinates, factors: outputs },
    change: new Float64Array(dataset.inputs),
    gapMatrix: new Float64Array(dataset.inputs),
    residual: new Float64Array(N),
    gap: new Float64Array(N),
  };
  const execute = (operations: readonly Operation[], factors: Readonly<Record<RunFactor, number>>) => {
    for (const operation of operations) if (operation.kind === "sum") evaluate(operation, numbers, factors);
  };
  // f - fbar is kept over the displacement's square.
  const square = start.displacement ** 2;
  const observe = () => {
    execute(coordinates.forward, outputs);
    const read = ({ at }: { at: number }) => numbers.slice(at, at + dataset.inputs);
    state.change = read(predictor);
    state.gapMatrix = read(gapPredictor).map((entry) => square * entry);
    state.residual = outputsOf(dataset, state.change, "training").map((f, i) => f - targets[i]);
    state.gap = outputsOf(dataset, state.gapMatrix, "training");
  };
  const change = (inBatch: Uint8Array | undefined, scale: number) => {
    const kept = (values: Float64Array) =>
      inBatch ? values.map((value, i) => (inBatch[i] ? value : 0)) : values;
    for (const { kind, matrix, channel } of coordinates.backward)
      if (kind === "gradient")
        numbers.set(
          backOf(dataset, kept(channel === 0 ? state.residual : state.gap.map((h) => h / square))),
          matrix.at,
        );
    const clears = new Set(
      coordinates.backward.filter(({ kind }) => kind === "gradient").map(({ matrix }) => matrix),
    );
    execute(
      coordinates.backward.filter(({ matrix }) => !clears.has(matrix)),
      factorsOfRun(member, start, scale),
    );
  };
  const scaleOf = (size: number) => (run.loss.reduction === "mean" ? 1 / size : 1);
  observe();
  if (flows) {
    const y = numbers.slice(0, stride);
    const derivative = coordinates.store.matrix.at;
    visit(state);
    follow(y, steps!, {
      slope() {
        change(undefined, scaleOf(N));
        return numbers.slice(derivative, derivative + stride);
      },
      moved(updates, stage) {
        numbers.set(y);
        Object.assign(state, { updates, stage });
        observe();
        visit(state);
      },
    });
    return;
  }
  const { epochs } = run.train as { epochs: number };
  visit(state);
  for (let update = 0; update < epochs * batches; update++) {
    let inBatch: Uint8Array | undefined;
    const [epoch, index] = [Math.floor(update / batches), update % batches];
    const [begin, end] = [index * batch, Math.min(N, (index + 1) * batch)];
    if (batch < N) {
      inBatch = new Uint8Array(N);
      for (const sample of epochOrder(shuffleSeed(run), epoch, N).subarray(begin, end)) inBatch[sample] = 1;
    }
    change(inBatch, scaleOf(end - begin));
    state.updates = update + 1;
    observe();
    visit(state);
  }
}

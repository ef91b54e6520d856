import type { Dataset } from "../../data/dataset.ts";
import { outputsOf } from "../../data/measure.ts";
import type { MatrixModel } from "../../document/types.ts";
import { type Member, stepSize, scalesOf, startWeights } from "../../plan/cohort.ts";
import { wholePower } from "../../theory/powers.ts";
import { degreeOf } from "../degree.ts";
import { type RunFactor, runFactors } from "./program.ts";
import { type FactorShapes, factorsOf } from "./shape.ts";

/** Where a matrix model starts, and the units that its run is stored in. */
export interface MatrixStart {
  /** One copy's factors at w(0), [parameters]. */
  weights: Float64Array;
  shapes: FactorShapes;
  /** Output scale: f_i = A <A_i, W>. */
  A: number;
  /** Degree of homogeneity: 2 of U U^T. */
  D: number;
  /** Powers of two: the unit of weights, and that of w+ - w- in units of weights (1 where there is one copy, or a penalty). */
  unit: number;
  displacement: number;
}

/** The largest power of (weight / unit) that a kernel takes stays within this, with weights of order 1. */
const LARGEST_POWER = 1e30;

const powerOfTwo = (value: number): number => 2 ** Math.round(Math.log2(value));

/** w(0), and how a run's numbers are kept. */
export function matrixStart(member: Member): MatrixStart {
  const { run, dataset } = member;
  const model = run.model as MatrixModel;
  const { A } = scalesOf(run);
  const D = degreeOf(model);
  const weights = startWeights(member);
  const largest = weights.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const smallestUnit = D > 1 ? LARGEST_POWER ** (-1 / (2 * D - 2)) : 0;
  const unit = powerOfTwo(Math.max(largest, smallestUnit));
  // W is about A unit^D displacement d: with W near 1, d is near 1 too. A penalty moves s at first order.
  const displacement =
    model.unbiased && run.loss.l2 === 0
      ? Math.min(1, powerOfTwo(Math.max(1e-30, 1 / (A * wholePower(unit, D)))))
      : 1;
  return { weights, shapes: factorsOf(model, dataset), A, D, unit, displacement };
}

/** `struct RunParameters` of a run, in its order, and the factors of its operations. */
export function runNumbers({ run }: Member, { A, D, unit, displacement }: MatrixStart) {
  const eta = stepSize(run);
  return {
    rate: (2 * eta * wholePower(unit, D - 2)) / (A * displacement),
    output_scale: A * wholePower(unit, D) * displacement,
    decay: 2 * eta * run.loss.l2,
    invariant_decay: 0,
    stop_loss: run.train.stopLoss ?? -1,
    kernel_unit: (A * wholePower(unit, D - 1)) ** 2,
    displacement,
  };
}

/** What a run's operations multiply by, where the batch's losses are multiplied by `scale`. */
export function factorsOfRun(member: Member, start: MatrixStart, scale = 1): Record<RunFactor, number> {
  const { rate, output_scale, decay, displacement } = runNumbers(member, start);
  const square = displacement * displacement;
  return {
    displacement,
    square,
    rate: rate * scale,
    squareRate: rate * square * scale,
    decay,
    output: output_scale,
  };
}

/** A run's state at its start, in its units: a, zeros, the factors and the stop loss. */
export function initialState(
  member: Member,
  start: MatrixStart,
  { fields, stride }: { fields: number; stride: number },
): Float64Array {
  const state = new Float64Array(stride);
  start.weights.forEach((value, place) => (state[place] = value / start.unit));
  const factors = factorsOfRun(member, start);
  const { stop_loss } = runNumbers(member, start);
  state.set([...runFactors.map((name) => factors[name]), stop_loss], fields * start.shapes.parameters);
  return state;
}

/** W at w(0), [rows, columns], of one copy, less A. */
export function startMatrix(
  { shapes: { factors, columns }, weights }: MatrixStart,
  symmetric: boolean,
): Float64Array {
  if (symmetric) {
    const [{ rows, columns: width }] = factors;
    const W = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < rows; j++)
        for (let k = 0; k < width; k++) W[i * rows + j] += weights[i * width + k] * weights[j * width + k];
    return W;
  }
  let product = Float64Array.from({ length: columns * columns }, (_, cell) =>
    Number(cell % (columns + 1) === 0),
  );
  for (const { rows, columns: inner, offset } of factors) {
    const next = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < inner; k++) {
        const weight = weights[offset + i * inner + k];
        if (weight === 0) continue;
        for (let j = 0; j < columns; j++) next[i * columns + j] += weight * product[k * columns + j];
      }
    product = next;
  }
  return product;
}

/** W at w(0) times A where it is not zero, nor taken off. */
export function startPredictor(member: Member): Float64Array | undefined {
  const { unbiased, symmetric } = member.run.model as MatrixModel;
  if (unbiased || member.run.init.subtract) return undefined;
  const start = matrixStart(member);
  return startMatrix(start, symmetric).map((entry) => start.A * entry);
}

/** Of targets, what is left at the start. */
export function targetsLeft(dataset: Dataset, predictor: Float64Array | undefined): Float64Array {
  if (!predictor) return dataset.y;
  const outputs = outputsOf(dataset, predictor, "training");
  return dataset.y.map((target, i) => target - outputs[i]);
}

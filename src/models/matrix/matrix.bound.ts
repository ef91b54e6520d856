import { backOf, outputsOf } from "../../data/measure.ts";
import type { Dataset } from "../../data/dataset.ts";
import { epochOrder } from "../../data/stream.ts";
import type { MatrixModel } from "../../document/types.ts";
import { type Member, batchSize, shuffleSeed, stepSize } from "../../plan/cohort.ts";
import { descentErrors, flowErrors } from "../error-growth.ts";
import type { Expectation } from "../model.ts";
import { eigenvalueMargin, gamma, largestOutput, norm, u } from "../roundoff.ts";
import { type MatrixState, trainMatrix } from "./matrix.reference.ts";
import { type Operation, type RunFactor, evaluate } from "./program.ts";
import { type MatrixStart, factorsOfRun, matrixStart, startPredictor, targetsLeft } from "./start.ts";

/**
 * Trains a matrix model in float64, and beside it a bound e on the l2 distance of its weights from what float32 makes of
 * them, to first order in u = 2^-24 (error-growth.ts). With s the largest singular values of a copy's factors, |A| that
 * of the map from W to all measurements, and c = 2 step / (samples A^2):
 *
 *   |G| = decay + c |A|^2 A^2 sum over copies and factors of the others' s^2,   |C| = |grad_W L| max over factors of
 *   the sum over each other one of the rest's s
 *
 * for U U^T with U twice. The rounding of an update is found operation by operation, entry by entry, from what they compute:
 *
 *   error of sum of c left right <= sum of |c| (|left| error right + error left |right| + gamma(inner + 5) |left| |right|)
 *
 * with no error of the weights themselves, which is what e is for. W is then off by the square root of |G| / (c |A|^2) e.
 *
 * @param member data and initial weights already rounded to float32
 * @param steps sizes of a flow's steps, off by no more than 2 u of the time at their end
 * @returns A W, less its start with `init.subtract`, after every epoch, or every step of a flow, as long as float32 holds the run
 */
export function expectMatrix(member: Member, steps: readonly number[] = []): Expectation[] {
  const { run, dataset, w0 } = member;
  const { samples: N } = dataset;
  const { loss, train } = run;
  const start = matrixStart(member);
  const { A, unit, displacement: k, shapes } = start;
  const { parameters } = shapes;
  const { unbiased } = run.model as MatrixModel;
  const size = batchSize(run, N);
  const batches = Math.ceil(N / size);
  const decay = 2 * stepSize(run) * loss.l2;
  const flows = train.method === "gradient-flow";
  const measuring = measuringNorm(dataset);
  const before = startPredictor(member);
  const targets = targetsLeft(dataset, before);
  const errors = flows ? flowErrors(steps) : descentErrors();
  let e = errors.next().value;
  let isInRange = true;
  let from: Steepness | undefined;
  const results: Expectation[] = [];
  /** Norm of what is in the places of a state, as one of the weights of all copies. */
  const weightNorm = (values: Float64Array, at: number) => {
    const part = (place: number) =>
      norm(values.subarray(at + place * parameters, at + (place + 1) * parameters));
    return unbiased ? (unit * k * Math.hypot(part(1), k * part(2))) / Math.SQRT2 : unit * part(1);
  };
  const visit = (state: MatrixState) => {
    const { updates, stage, numbers, residual, change, coordinates } = state;
    const { backward, store, forward } = coordinates;
    const steep = steepness(state, start, member);
    const values = before ? change.map((entry, cell) => entry + before[cell]) : change.slice();
    isInRange &&= residual.every((r) => Math.abs(r) < largestOutput);
    if (isInRange && stage === 0 && updates > 0 && updates % batches === 0)
      results.push({
        values,
        moved: norm(change),
        bound: A * Math.sqrt(steep.jacobian) * e + 4 * u * (norm(values) + norm(change)),
      });
    const [epoch, batch] = [Math.floor(updates / batches), updates % batches];
    const [begin, end] = [batch * size, Math.min(N, (batch + 1) * size)];
    const inBatch = new Uint8Array(N);
    if (size < N)
      for (const sample of epochOrder(shuffleSeed(run), epoch, N).subarray(begin, end)) inBatch[sample] = 1;
    else inBatch.fill(1);
    const scale = loss.reduction === "mean" ? 1 / (end - begin) : 1;

    const own = numbers.slice();
    const error = new Float64Array(own.length);
    for (const operation of forward) addErrors(operation, own, error, state.factors);
    const entries = dataset.inputs;
    const { at } = coordinates.predictor;
    const absolute = absoluteOf(dataset);
    const spread = outputsOf(absolute, error.subarray(at, at + entries), "training");
    const sizes = outputsOf(absolute, change.map(Math.abs), "training");
    const inner = dataset.matrix!.cells ? 1 : entries;
    const kept = (of: (i: number) => number) =>
      Float64Array.from(residual, (_, i) => (inBatch[i] ? of(i) : 0));
    const [r, rError] = [
      kept((i) => residual[i]),
      kept(
        (i) =>
          spread[i] + gamma(inner + 2) * sizes[i] + 2 * u * (Math.abs(targets[i]) + Math.abs(residual[i])),
      ),
    ];
    const G = backOf(dataset, r);
    const sums = backOf(absolute, r.map(Math.abs));
    const GError = backOf(absolute, rError).map(
      (own, cell) => own + gamma(dataset.matrix!.cells ? 1 : N) * sums[cell],
    );
    const factors = factorsOfRun(member, start, scale);
    const gradient = backward.find(({ kind, channel }) => kind === "gradient" && channel === 0)!.matrix;
    for (const operation of backward) {
      if (operation.matrix === gradient) {
        own.set(G, gradient.at);
        error.set(GError, gradient.at);
      } else if (operation.kind === "sum") {
        addErrors(operation, own, error, factors);
        evaluate(operation, own, factors);
      }
    }
    const place = flows ? store.matrix.at : 0;
    const gain = 2 * stepSize(run) * scale;
    const bend = gain * measuring ** 2 * steep.jacobian;
    if (stage === 0) from = steep;
    // How far a factor's derivative has moved since the step's first stage.
    const strayed = distanceOf(from!, steep);
    e = errors.next({
      rounding: weightNorm(error, place),
      // The update's own rounding counts it, where there is one.
      stored: flows ? weightNorm(numbers, 0) : 0,
      change: flows ? weightNorm(own, place) : 0,
      bend: decay + bend,
      coupling: ((gain * norm(G)) / A) * steep.coupling,
      drift: gain * measuring ** 2 * strayed * (2 * Math.sqrt(steep.jacobian) + strayed),
    }).value;
  };
  trainMatrix(run, dataset, w0, visit, { steps });
  return results;
}

/** First-order errors of an operation's result, given those of what it reads. */
function addErrors(
  { kind, matrix, terms }: Operation,
  numbers: Float64Array,
  error: Float64Array,
  factors: Readonly<Record<RunFactor, number>>,
): void {
  if (kind !== "sum") return;
  const { at, rows, columns } = matrix;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let total = 0;
      for (const { left, right, coefficient, factor } of terms) {
        const c = Math.abs(coefficient * (factor ? factors[factor] : 1));
        const first = left.at + i * left.down;
        if (!right) {
          const place = first + j * left.across;
          total += c * (error[place] + gamma(terms.length + 4) * Math.abs(numbers[place]));
          continue;
        }
        const rounding = gamma(right.rows + terms.length + 4);
        for (let k = 0; k < right.rows; k++) {
          const [p, q] = [first + k * left.across, right.at + k * right.down + j * right.across];
          const [x, y] = [Math.abs(numbers[p]), Math.abs(numbers[q])];
          total += c * (x * error[q] + error[p] * y + rounding * x * y);
        }
      }
      error[at + i * columns + j] = total;
    }
}

/** How steep W is in the weights: bounds of |dW/dw|^2, and of the part of the Hessian that the gradient multiplies, over it. */
interface Steepness {
  jacobian: number;
  coupling: number;
  /** By copy, the factors and their largest singular values. */
  copies: { factors: Float64Array[]; values: number[] }[];
  /** U U^T has U twice. */
  isTied: boolean;
}

function steepness(
  { numbers }: MatrixState,
  { shapes, unit, displacement: k }: MatrixStart,
  { run }: Member,
): Steepness {
  const { unbiased, symmetric } = run.model as MatrixModel;
  const { factors, parameters } = shapes;
  const copies = (unbiased ? [1, -1] : [1]).map((sign) => {
    const own = factors.map(({ rows, columns, offset }) =>
      Float64Array.from({ length: rows * columns }, (_, i) => {
        const at = (place: number) => numbers[place * parameters + offset + i];
        return unit * (at(0) + (unbiased ? (k * k * at(2)) / 2 + (sign * k * at(1)) / 2 : at(1)));
      }),
    );
    return { factors: own, values: own.map((factor, l) => largestValue(factor, factors[l])) };
  });
  let [jacobian, coupling] = [0, 0];
  for (const { values } of copies) {
    if (symmetric) {
      jacobian += 4 * values[0] ** 2;
      coupling = 2;
      continue;
    }
    values.forEach((_, l) => {
      jacobian += values.reduce((product, value, m) => (m === l ? product : product * value * value), 1);
      const beside = values.map((__, other) =>
        other === l
          ? 0
          : values.reduce((product, value, m) => (m === l || m === other ? product : product * value), 1),
      );
      coupling = Math.max(
        coupling,
        beside.reduce((sum, product) => sum + product, 0),
      );
    });
  }
  return { jacobian, coupling, copies, isTied: symmetric };
}

/** A bound of how far dW/dw has moved. */
function distanceOf(one: Steepness, other: Steepness): number {
  let squares = 0;
  one.copies.forEach(({ factors, values }, c) => {
    const next = other.copies[c];
    const moved = factors.map((factor, l) => norm(factor.map((entry, i) => entry - next.factors[l][i])));
    const most = values.map((value, l) => Math.max(value, next.values[l]));
    if (one.isTied) squares += (2 * moved[0]) ** 2;
    else
      factors.forEach((_, l) => {
        let sum = 0;
        moved.forEach((distance, other) => {
          if (other !== l)
            sum += most.reduce(
              (product, value, m) => (m === l || m === other ? product : product * value),
              distance,
            );
        });
        squares += sum * sum;
      });
  });
  return Math.sqrt(squares);
}

/** Largest singular value of a matrix, by power iteration and a margin: it stays below the true one. */
function largestValue(matrix: Float64Array, { rows, columns }: { rows: number; columns: number }): number {
  let vector = Float64Array.from({ length: columns }, (_, j) => 1 + 0.1 * Math.sin(j));
  let value = 0;
  for (let iteration = 0; iteration < 12; iteration++) {
    const through = new Float64Array(rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) through[i] += matrix[i * columns + j] * vector[j];
    const next = new Float64Array(columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) next[j] += matrix[i * columns + j] * through[i];
    const length = norm(next);
    if (!(length > 0)) return 0;
    value = Math.sqrt(length / norm(vector));
    vector = next.map((entry) => entry / length);
  }
  return eigenvalueMargin * value;
}

const knownNorms = new WeakMap<Dataset, number>();

/** Largest singular value of the map from W to its measurements: 1 of entries. */
function measuringNorm(dataset: Dataset): number {
  if (dataset.matrix!.cells) return 1;
  if (!knownNorms.has(dataset))
    knownNorms.set(dataset, largestValue(dataset.X, { rows: dataset.samples, columns: dataset.inputs }));
  return knownNorms.get(dataset)!;
}

const knownSizes = new WeakMap<Dataset, Dataset>();

/** The same measurements in absolute value. */
function absoluteOf(dataset: Dataset): Dataset {
  if (!knownSizes.has(dataset)) knownSizes.set(dataset, { ...dataset, X: dataset.X.map(Math.abs) });
  return knownSizes.get(dataset)!;
}

import type { Layer, LayerSizes, ReferenceLayer } from "../layers/layer.ts";
import { activations, weightsOf } from "../layers/pass.ts";
import { largestOf, windows } from "../layers/pool/pool.reference.ts";
import { lossOf } from "../losses/registry.ts";
import { type Member, batchSize, epochDraws, stepSize, scalesOf } from "../plan/cohort.ts";
import { descentErrors, flowErrors } from "./error-growth.ts";
import type { Expectation } from "./model.ts";
import { ROUNDS } from "./relu-operations.ts";
import { type ReluState, reluOf, trainRelu } from "./relu.reference.ts";
import { eigenvalueMargin, gamma, largestOutput, norm, u } from "./roundoff.ts";

/**
 * Trains a ReLU network in float64, and beside it a bound e on the l2 distance of its weights from what float32 makes
 * of them, to first order in u = 2^-24 (error-growth.ts):
 *
 *   |G| = decay + step lambda_max(M M^T),   |C| = step C,   rounding = d + step k
 *
 * Within one pattern of activity the Hessian is M^T M, M the Jacobian with each sample's row times the root of its loss's
 * second derivative, and the samples' slopes times second derivatives of f, bounded by C: for the last two layers by the
 * largest |sum of slope x| over units, of several outputs the root of the sum of their squares (exact for one hidden layer and output), for every other pair by the norms of signals,
 * activations and the layers between. |M_i^T M_i - M^T M| <= m (2 |M| + m), m = |M_i - M|. k is what the gradient jumps
 * by where a pre-activation is so small that its error may be larger. d is what one step, or one slope of a flow (step 1),
 * rounds, with sums in any order and W', H' the sums of absolute values at w(0) and now, since displacements and start are
 * multiplied apart:
 *
 *   of z          gamma(2 fan_in + 4) W' H', and the error of H through |W|
 *   of signals    gamma(fan_out + 6) |W|^T |B|, and the error of B through |W|^T
 *   of slopes     curvature times the error of f, of a loss of all outputs together of all f, and gamma(40), or what the loss says,
 *                 of themselves
 *   of gradients  gamma(size + 8) of the sum of absolute terms, and the errors of slopes, B and H through them
 *   of w          gamma(7) |change|, u |displacement| where it is stored, and 2u |w| where it is read
 *
 * Where the last layer alone trains, features stay as they are: C and k are 0.
 *
 * Of several outputs every one is a sample of its own, whose errors and terms add up.
 *
 * @param member data and initial weights already rounded to float32
 * @param steps sizes of a flow's steps, off by no more than 2 u of the time at their end
 * @returns the weights after every epoch, or every step of a flow, as long as float32 holds the run
 */
export function expectRelu({ run, dataset, w0 }: Member, steps: readonly number[] = []): Expectation[] {
  const { samples: N, inputs: n, outputs: O, X, y } = dataset;
  const { train, loss } = run;
  const model = reluOf(run, dataset);
  const { A } = scalesOf(run);
  const capacity = batchSize(run, N);
  const batches = Math.ceil(N / capacity);
  const step = stepSize(run) / (A * A);
  const decay = 2 * stepSize(run) * loss.l2;
  const { sample, joint, largestCurvature: curvature, roundings } = lossOf(loss);
  const slopeRoundings = roundings(O);
  // In what trains.
  const isLinear = train.layers === "last";
  const row = (j: number) => X.subarray(j * n, (j + 1) * n);
  const results: Expectation[] = [];
  const errors = train.method === "gradient-flow" ? flowErrors(steps) : descentErrors();
  let starts: Float64Array[][] | undefined;
  let first: { rows: Float64Array[]; norm: number } | undefined;
  let e = errors.next().value;
  let isInRange = true;
  const visit = ({ updates, stage, weights, start, displacement, outputs }: ReluState) => {
    starts ??= Array.from({ length: N }, (_, j) =>
      activations(model.layers, start.subarray(0, model.size), row(j)),
    );
    isInRange &&= outputs.every((f) => Math.abs(f) < largestOutput);
    if (isInRange && stage === 0 && updates > 0 && updates % batches === 0)
      results.push({
        values: weights.slice(),
        moved: norm(displacement),
        bound: e + 2 * u * norm(weights),
      });
    const { order, noise } = epochDraws(run, Math.floor(updates / batches), N);
    const from = (updates % batches) * capacity;
    const size = Math.min(N - from, capacity);
    const batch = [...order.subarray(from, from + size)];
    const mean = loss.reduction === "mean" ? 1 / size : 1;
    const each = <T>(of: (j: number, output: number) => T): T[] =>
      batch.flatMap((j) => Array.from({ length: O }, (_, output) => of(j, output)));
    const derivatives = batch.map((j) =>
      sample(
        outputs.subarray(j * O, (j + 1) * O),
        y.subarray(j * O, (j + 1) * O).map((label) => label + noise[j]),
      ),
    );
    const slopes = derivatives.flatMap((own) => own.slopes.map((slope) => mean * slope));
    const curvatures = derivatives.flatMap((own) => own.curvatures);
    const jacobian = each((j, output) => model.gradient(weights, row(j), output));
    const copies = Array.from({ length: model.copies }, (_, copy) => {
      const own = (values: Float64Array) => values.subarray(copy * model.size, (copy + 1) * model.size);
      return new Copy(model.layers, own(weights), own(displacement), A);
    });
    batch.forEach((j, k) => {
      const passes = copies.map((copy) => copy.forward(row(j), starts![j], e));
      const outputErrors = Array.from(
        { length: O },
        (_, output) =>
          passes.reduce((sum, pass) => sum + A * pass.error.at(-1)![output], 0) +
          gamma(6) *
            (A * Math.abs(starts![j].at(-1)![output]) + Math.abs(y[j * O + output]) + Math.abs(noise[j])),
      );
      for (let output = 0; output < O; output++) {
        const outputError = joint ? norm(Float64Array.from(outputErrors)) : outputErrors[output];
        const slope = slopes[k * O + output];
        const slopeError = mean * curvature * outputError + gamma(slopeRoundings) * Math.abs(slope);
        copies.forEach((copy, c) => copy.backward(passes[c], output, slope, slopeError, size));
      }
    });
    const change = new Float64Array(weights.length);
    const rounding = change.map((_, q) => {
      let gradient = 0;
      for (let k = 0; k < size * O; k++) gradient += slopes[k] * jacobian[k][q];
      if (!model.trains(q)) return 0;
      change[q] = step * Math.abs(gradient) + decay * Math.abs(weights[q]);
      return step * copies[Math.floor(q / model.size)].error[q % model.size] + gamma(7) * change[q];
    });
    const rows = jacobian.map((own, k) => {
      const root = Math.sqrt(mean * curvatures[k]);
      return own.map((value) => root * value);
    });
    if (stage === 0) first = { rows, norm: Math.sqrt(eigenvalueMargin * largestEigenvalue(rows)) };
    const { rows: M, norm: width } = first!;
    const strayed =
      stage === 0 ? 0 : norm(rows.map((own, k) => norm(own.map((value, q) => value - M[k][q]))));
    e = errors.next({
      rounding: norm(rounding) + (isLinear ? 0 : step * copies.reduce((sum, copy) => sum + copy.jump, 0)),
      stored: norm(displacement),
      change: norm(change),
      bend: decay + step * width ** 2,
      coupling: isLinear ? 0 : step * Math.max(...copies.map((copy) => copy.coupling())),
      drift: step * strayed * (2 * width + strayed),
    }).value;
  };
  trainRelu(run, dataset, w0, visit, steps);
  return results;
}

/** One sample through one copy; by layer, the input first. */
interface Forward {
  H: Float64Array[];
  /** What float32 may make of H. */
  error: Float64Array[];
  /** Which of a layer's units are active. */
  active: boolean[][];
  /** Units whose activity an error may switch: how far their pre-activation is moved by weights e away, and its size. */
  unsure: { layer: number; unit: number; reach: number; size: number }[];
}

/** Windows of a layer that a pixel lies in at most, along one side: of weights that positions share the norm is so many times as large. */
const overlapOf = ({ sizes: { window, window_stride } }: ReferenceLayer): number =>
  Math.ceil(window / window_stride);

/** Numbers of a dense layer: no positions share its weights. */
const isDense = ({ sizes: { fan_out, window, positions, positions_below } }: ReferenceLayer): boolean =>
  fan_out > 0 && window * positions * positions_below === 1;

/** One copy's weights, and what its samples' errors add up to over a batch. */
class Copy {
  /** By weight: what the sum of slope times gradient may be off by. */
  readonly error: Float64Array;
  /** What that sum jumps by where units switch. */
  jump = 0;
  /** By layer: weights, their absolute values, those with absolute displacements, and by row Euclidean norms. */
  readonly #layers: { W: Float64Array; size: Float64Array; sum: Float64Array; rows: Float64Array }[];
  /** By layer: how much its map stretches a vector at most. */
  readonly #norms: number[];
  /** Of the last hidden layer, where it is dense: sum over samples of slope x, [units, outputs, fan_in]; bounds of other pairs of layers. */
  readonly #last: Float64Array;
  readonly #hasLast: boolean;
  #others = 0;

  constructor(
    readonly layers: readonly Layer[],
    weights: Float64Array,
    moved: Float64Array,
    readonly scale: number,
  ) {
    this.error = new Float64Array(weights.length);
    this.#layers = layers.map((layer) => {
      const [W, D] = [weightsOf(layer, weights), weightsOf(layer, moved)];
      const size = W.map(Math.abs);
      const { fan_in, fan_out } = layer.sizes;
      return {
        W,
        size,
        sum: size.map((value, place) => value + Math.abs(D[place])),
        rows: Float64Array.from({ length: fan_out }, (_, unit) =>
          norm(W.subarray(unit * fan_in, (unit + 1) * fan_in)),
        ),
      };
    });
    this.#norms = layers.map((layer, l) =>
      layer.fan_out > 0 ? overlapOf(layer) * norm(this.#layers[l].W) : 1,
    );
    const [last, top] = layers.slice(-2);
    this.#hasLast = layers.length > 1 && isDense(last);
    this.#last = new Float64Array(
      this.#hasLast ? top.sizes.fan_out * last.sizes.fan_out * last.sizes.fan_in : 0,
    );
  }

  forward(x: Float64Array, start: readonly Float64Array[], e: number): Forward {
    const { layers } = this;
    const [H, error, active]: [Float64Array[], Float64Array[], boolean[][]] = [
      [x],
      [new Float64Array(x.length)],
      [],
    ];
    const unsure: Forward["unsure"] = [];
    // |H| moves by at most this times e.
    let reach = 0;
    let isAlive = true;
    layers.forEach((layer, l) => {
      const { reference, sizes, rectified } = layer;
      const { W, size, sum, rows } = this.#layers[l];
      const [below, first, off] = [H[l], start[l], error[l]];
      const z = reference.forward(sizes, W, below);
      const sums = below.map((value, i) => Math.abs(value) + (l > 0 ? Math.abs(first[i]) : 0));
      const rounded = reference.forward(sizes, sum, sums);
      const through = reference.forward(sizes, size, off);
      const input = norm(below);
      const terms = sizes.fan_out > 0 ? sizes.fan_in : sizes.window ** 2;
      const gates: boolean[] = [];
      const zErrors = new Float64Array(z.length);
      let isAnyAlive = false;
      z.forEach((value, unit) => {
        // Where every unit below is inactive z is 0 exactly.
        const zError = isAlive ? gamma(2 * terms + 4) * rounded[unit] + through[unit] : 0;
        const weights = sizes.fan_out > 0 ? rows[Math.floor(unit / sizes.positions)] : 0;
        const own = isAlive ? (sizes.fan_out > 0 ? input + weights * reach : reach) : 0;
        const isUnsure: boolean = rectified && own > 0 && Math.abs(value) <= zError + own * e;
        gates.push(!rectified || value > 0);
        if (isUnsure) unsure.push({ layer: l, unit, reach: own, size: zError + own * e });
        if (rectified && !(value > 0)) z[unit] = 0;
        zErrors[unit] = gates[unit] || isUnsure ? zError : 0;
        isAnyAlive ||= gates[unit] || isUnsure;
      });
      if (layer.overrides?.MAX)
        for (const unit of rivals(sizes, below, off, reach * e))
          unsure.push({ layer: l, unit, reach: 2 * reach, size: zErrors[unit] + reach * e });
      if (sizes.fan_out > 0) reach = isAlive ? overlapOf(layer) * input + this.#norms[l] * reach : 0;
      isAlive = isAnyAlive;
      if (!isAnyAlive) reach = 0;
      H.push(z);
      error.push(zErrors);
      active.push(gates);
    });
    return { H, error, active, unsure };
  }

  /** @param slope of the sample's loss by one of its outputs, with its weight in the batch of `size` */
  backward(
    { H, error, active, unsure }: Forward,
    output: number,
    slope: number,
    slopeError: number,
    size: number,
  ): void {
    const { layers, scale } = this;
    const absolute = Math.abs(slope);
    const outputs = H.at(-1)!.length;
    let [signal, signalError]: Float64Array[] = [new Float64Array(outputs), new Float64Array(outputs)];
    signal[output] = scale;
    let above = scale;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { reference, sizes } = layers[l];
      const { W, size: absoluteW } = this.#layers[l];
      const [below, off] = [H[l], error[l]];
      // Before their own gates, so that units that may switch count.
      for (const { layer, unit, reach, size: small } of unsure)
        if (layer === l) this.jump += absolute * (Math.abs(signal[unit]) * reach + above * small);
      signal = signal.map((value, unit) => (active[l][unit] ? value : 0));
      signalError = signalError.map((value, unit) => (active[l][unit] ? value : 0));
      const B = signal.map(Math.abs);
      const G = weightsOf(layers[l], this.error);
      const factors = B.map(
        (b, unit) =>
          slopeError * b + absolute * signalError[unit] + gamma(size * sizes.positions + 8) * absolute * b,
      );
      reference.gradient(sizes, factors, below.map(Math.abs), G);
      reference.gradient(
        sizes,
        B.map((b) => absolute * b),
        off,
        G,
      );
      this.#pairs(l, H, signal, output, slope);
      above *= Math.max(1, this.#norms[l]);
      if (l === 0) return;
      const terms = sizes.fan_out > 0 ? sizes.fan_out * sizes.window ** 2 : 1;
      signalError = reference.backward(
        sizes,
        absoluteW,
        B.map((b, unit) => signalError[unit] + gamma(terms + 6) * b),
        below,
      );
      signal = reference.backward(sizes, W, signal, below);
    }
  }

  /** What second derivatives by the weights of layer l and those of the layers below it add. */
  #pairs(l: number, H: readonly Float64Array[], signal: Float64Array, output: number, slope: number): void {
    const { layers } = this;
    const top = layers.length - 1;
    if (layers[l].fan_out === 0) return;
    let between = overlapOf(layers[l]) * norm(signal) * Math.abs(slope);
    for (let below = l - 1; below >= 0; below--) {
      if (layers[below].fan_out > 0) {
        if (l === top && below === top - 1 && this.#hasLast) {
          const x = H[below];
          const outputs = layers[top].sizes.fan_out;
          H[below + 1].forEach((value, unit) => {
            if (!layers[below].rectified || value > 0)
              for (let i = 0; i < x.length; i++)
                this.#last[(unit * outputs + output) * x.length + i] += this.scale * slope * x[i];
          });
        } else this.#others += between * overlapOf(layers[below]) * norm(H[below]);
      }
      between *= this.#norms[below];
    }
  }

  coupling(): number {
    if (!this.#hasLast) return this.#others;
    const [last, top] = this.layers.slice(-2);
    const fan = top.sizes.fan_out * last.sizes.fan_in;
    let largest = 0;
    for (let at = 0; at < this.#last.length; at += fan)
      largest = Math.max(largest, norm(this.#last.subarray(at, at + fan)));
    return largest + this.#others;
  }
}

/** Windows whose largest number float32 may find elsewhere. */
function rivals(sizes: LayerSizes, below: Float64Array, errors: Float64Array, moved: number): number[] {
  const unsure: number[] = [];
  windows(sizes, (pixels, place) => {
    const largest = largestOf(pixels, below);
    if (
      below[largest] > 0 &&
      pixels.some(
        (pixel) =>
          pixel !== largest && below[largest] - below[pixel] <= errors[largest] + errors[pixel] + 2 * moved,
      )
    )
      unsure.push(place);
  });
  return unsure;
}

/** Largest eigenvalue of J J^T by power iteration, never above the true one; J's rows are given. */
function largestEigenvalue(rows: readonly Float64Array[]): number {
  let vector = Float64Array.from(rows, (_, k) => 1 + 0.1 * Math.sin(k));
  let eigenvalue = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const size = norm(vector);
    if (!(size > 0)) return 0;
    const through = new Float64Array(rows[0].length);
    rows.forEach((row, k) => {
      const share = vector[k] / size;
      for (let q = 0; q < row.length; q++) through[q] += share * row[q];
    });
    vector = Float64Array.from(rows, (row) => {
      let sum = 0;
      for (let q = 0; q < row.length; q++) sum += row[q] * through[q];
      return sum;
    });
    eigenvalue = norm(vector);
  }
  return eigenvalue;
}

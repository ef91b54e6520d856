import { integrate } from "./dormand-prince.ts";
import { checkProblem, type MatrixProblem } from "./matrix-constraints.ts";
import { factorShapes, measurer, matrixProduct, transposed } from "./matrix-products.ts";

/** W = W_D ... W_1, or U Uᵀ where `symmetric`; less the same of a second copy where `unbiased`. */
export interface MatrixStart {
  /** W_1 ... W_D, each [out, in] row-major, as they start (alpha included); U alone, [rows, width], where `symmetric`. */
  factors: readonly Float64Array[];
  symmetric?: boolean;
  /** W is that of one copy less that of another, which starts equal. */
  unbiased?: boolean;
}

/** A matrix model at one time of its flow. */
export interface MatrixFlowPoint {
  time: number;
  /** (1/m) sum of (<A_i, W> - y_i)^2. */
  loss: number;
  /** [rows, columns]. */
  W: Float64Array;
  /** The first copy's factors, then the second's. */
  factors: Float64Array[];
}

export interface MatrixFlowOptions {
  /** Times at which to record, >= 0, increasing; the flow ends at the last. Default: none, it runs to `stopLoss`. */
  times?: ArrayLike<number>;
  /** Ends the flow with the first step whose loss is at most this. Default 1e-16 without `times`, else none. */
  stopLoss?: number;
  /** Largest error of a step in any weight, relative to its size and a tenth of the largest initial one. Default 1e-8. */
  tolerance?: number;
  /** Default 200000. */
  maxSteps?: number;
}

/**
 * Gradient flow of a matrix model on the mean squared loss (1/m) sum (<A_i, W> - y_i)^2, weight by weight, by an explicit pair of
 * orders 5 and 4: for any measurements, any depth and any start. Weights are stored plainly, so that of an unbiased W at alpha rounding leaves
 * 2^-52 alpha^D; and where the kernel is ill conditioned and alpha large, steps are many. `commutingFlow` is exact where measurements share singular
 * vectors.
 *
 * @throws RangeError for wrong shapes, or entries that are not finite
 * @throws ConvergenceError after `maxSteps` steps
 */
export function matrixFlow(
  problem: MatrixProblem,
  start: MatrixStart,
  { times = [], stopLoss, tolerance = 1e-8, maxSteps = 200_000 }: MatrixFlowOptions = {},
): { records: MatrixFlowPoint[]; final: MatrixFlowPoint; steps: number } {
  const model = matrixModel(problem, start);
  const target = stopLoss ?? (times.length === 0 ? 1e-16 : -Infinity);
  const y = model.start.slice();
  const largest = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const records: MatrixFlowPoint[] = [];
  const point = (time: number): MatrixFlowPoint => ({ time, ...model.read(y) });
  const { steps, time } = integrate(
    y,
    { slope: model.slope, tolerance, floor: 0.1 * largest, maxSteps },
    times,
    (time, isRecord) => {
      if (isRecord) records.push(point(time));
      return model.loss(y) <= target;
    },
  );
  return { records, final: point(time), steps };
}

/** The weights of all copies as one vector, and the flow's slope there. */
function matrixModel(problem: MatrixProblem, { factors, symmetric = false, unbiased = false }: MatrixStart) {
  checkProblem(problem, symmetric);
  const { rows, columns, targets } = problem;
  const shapes = factorShapes(rows, columns, factors, symmetric);
  const one = Float64Array.from(factors.flatMap((factor) => [...factor]));
  const start = unbiased ? Float64Array.from([...one, ...one]) : one;
  const copies = unbiased ? [1, -1] : [1];
  const split = (y: Float64Array, copy: number) => {
    let place = copy * one.length;
    return factors.map((factor) => y.subarray(place, (place += factor.length)));
  };
  const W = new Float64Array(rows * columns);
  const G = new Float64Array(rows * columns);
  const measure = measurer(problem);
  const residual = new Float64Array(targets.length);

  /** W, then the residuals. */
  const evaluate = (y: Float64Array) => {
    W.fill(0);
    for (const [copy, sign] of copies.entries()) {
      const own = split(y, copy);
      const product = symmetric
        ? matrixProduct(own[0], transposed(own[0], rows), rows)
        : own.slice(1).reduce((below, factor, l) => matrixProduct(factor, below, shapes[l + 1][0]), own[0]);
      for (let k = 0; k < W.length; k++) W[k] += sign * product[k];
    }
    measure.apply(W, residual);
    for (let i = 0; i < residual.length; i++) residual[i] -= targets[i];
  };
  const loss = () => residual.reduce((sum, value) => sum + value * value, 0) / residual.length;

  return {
    start,
    loss(y: Float64Array) {
      evaluate(y);
      return loss();
    },
    read(y: Float64Array) {
      evaluate(y);
      return {
        loss: loss(),
        W: W.slice(),
        factors: copies.flatMap((_, copy) => split(y, copy).map((w) => w.slice())),
      };
    },
    slope(y: Float64Array, out: Float64Array) {
      evaluate(y);
      G.fill(0);
      measure.adjoint(residual, G);
      for (let k = 0; k < G.length; k++) G[k] *= -2 / residual.length;
      for (const [copy, sign] of copies.entries()) {
        const own = split(y, copy);
        const slopes = split(out, copy);
        if (symmetric) {
          const both = transposed(G, rows).map((value, k) => sign * (value + G[k]));
          slopes[0].set(matrixProduct(both, own[0], rows));
          continue;
        }
        // R_l = W_(l-1) ... W_1 on the way up, L_lᵀ G on the way down.
        const below: (Float64Array | undefined)[] = [undefined];
        for (let l = 1; l < own.length; l++) {
          const under = below[l - 1];
          below.push(under ? matrixProduct(own[l - 1], under, shapes[l - 1][0]) : own[0]);
        }
        let signal: Float64Array = G;
        for (let l = own.length - 1; l >= 0; l--) {
          const under = below[l];
          const gradient = under
            ? matrixProduct(signal, transposed(under, shapes[l][1]), shapes[l][0])
            : signal;
          for (let k = 0; k < gradient.length; k++) slopes[l][k] = sign * gradient[k];
          if (l > 0) signal = matrixProduct(transposed(own[l], shapes[l][0]), signal, shapes[l][1]);
        }
      }
    },
  };
}

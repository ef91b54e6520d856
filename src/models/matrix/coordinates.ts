/**
 * Matrix models in coordinates without cancellation: as lists of operations, W = W_D .. W_1 and how far it is from that of
 * the linearized model, each made by sums of products alone, nothing subtracted that is nearly equal. Numbers are in the run's
 * units (start.ts). L_l = W_D .. W_(l+1), R_l = W_(l-1) .. W_1; L0, R0 are those at w(0).
 */

import { type Moves, type KernelPair, type Conserved, type MatrixFeatures } from "./making.ts";
import { plainModel } from "./one-copy.ts";
import {
  HEAD,
  Numbers,
  type Operation,
  type View,
  checks,
  gradient,
  load,
  plus,
  residual,
  store,
  sum,
  update,
} from "./program.ts";
import type { Factor, FactorShapes } from "./shape.ts";
import { symmetricModel } from "./symmetric.ts";
import { unbiasedModel } from "./two-copies.ts";

/** Invocations that may share a run. */
const MOST_LANES = 64;

/** A model's numbers, and the operations of its step and records. */
export interface Coordinates {
  /** Vectors of `parameters` floats that a state begins with: a, then what training moves. Then come the head's. */
  fields: number;
  /** Of these: the gap to the linearized model, and of unbiased models with decay that of the sums; 0 where there is none. */
  gap: number;
  gapSum: number;
  /** Floats of a state, and of all numbers of a run. */
  stride: number;
  size: number;
  /** W, or its change, over the output's unit; f less the linearized model's. */
  predictor: View;
  gapPredictor: View;
  /** Loads the state; fills both predictors. */
  load: Operation;
  forward: Operation[];
  /** Residuals of both channels; the gradient's matrices, and the update, without its store. */
  residuals: Operation[];
  checks: Operation[];
  backward: Operation[];
  store: Operation;
  /** After `forward`: a tangent kernel at the start and its change since, as sums of pairs times `kernelFactor`. */
  kernels: Operation[];
  kernelStart: KernelPair[];
  kernelChange: KernelPair[];
  kernelFactor: number;
  /** After `forward`: the weights of all copies. */
  weights: Operation[];
  copies: View;
  conserved: Conserved;
}

export function coordinatesOf(shapes: FactorShapes, features: MatrixFeatures): Coordinates {
  const { parameters, factors, rows, columns } = shapes;
  const { unbiased, twin, decay, flow, symmetric } = features;
  const moved = unbiased ? 2 : 1;
  const fields = 1 + moved + Number(twin) + Number(twin && unbiased && decay);
  const gap = twin ? 1 + moved : 0;
  const gapSum = twin && unbiased && decay ? gap + 1 : 0;
  const stride = fields * parameters + HEAD;
  const numbers = new Numbers();
  numbers.size = stride;
  const viewOf = (at: number, { rows, columns, offset }: Factor): View => ({
    at: at + offset,
    rows,
    columns,
    down: columns,
    across: 1,
  });
  const field = (place: number) => factors.map((factor) => viewOf(place * parameters, factor));
  const derivative = flow ? numbers.matrix(1, stride) : undefined;
  const predictor = numbers.matrix(rows, columns);
  const gapPredictor = numbers.matrix(rows, columns);
  const [G, H] = [numbers.matrix(rows, columns), numbers.matrix(rows, columns)];
  const copies = numbers.matrix(1, (unbiased ? 2 : 1) * parameters, parameters);
  const partial = numbers.matrix(1, MOST_LANES);
  const model = (symmetric ? symmetricModel : unbiased ? unbiasedModel : plainModel)({
    ...{ shapes, features, numbers, field, gap, gapSum, G, H },
  });
  const moves: Moves = (place, l, ...terms) => {
    const own = field(place)[l];
    return derivative
      ? update({ ...own, at: derivative.at + own.at }, ...terms)
      : update(own, plus(own), ...terms);
  };
  const still = { at: derivative?.at ?? 0, rows: 1, columns: parameters, down: 0, across: 1 };
  const head = { ...still, at: still.at + fields * parameters, columns: HEAD };
  return {
    ...{ fields, gap, gapSum, stride, predictor, gapPredictor, copies },
    load: load(stride),
    forward: [
      ...model.forward,
      model.predictor(predictor),
      ...(twin ? [model.gapPredictor(gapPredictor)] : []),
    ],
    residuals: [residual(predictor), ...(twin ? [residual(gapPredictor, 1)] : [])],
    backward: [
      sum(G),
      gradient(G),
      ...(twin ? [sum(H), gradient(H, 1)] : []),
      ...model.backward(moves),
      ...(derivative ? [sum(still), sum(head)] : []),
    ],
    checks: checks(partial),
    store: derivative
      ? store(derivative.at, 0, stride)
      : store(parameters, parameters, (fields - 1) * parameters),
    kernels: model.kernels,
    kernelStart: model.kernelStart,
    kernelChange: model.kernelChange,
    kernelFactor: model.kernelFactor,
    weights: model.weights((copy, l) => viewOf(copies.at + copy * parameters, factors[l])),
    conserved: model.conserved,
    // After all matrices have been asked for.
    size: numbers.whole,
  };
}

/** What coordinates of matrix models are made of (coordinates.ts). */

import type { Numbers } from "./program.ts";
import { type Matrix, type Operation, type Term, type View, product, sum, transposed } from "./program.ts";
import type { Factor, FactorShapes } from "./shape.ts";

/** What is trained or kept beside the model. */
export interface MatrixFeatures {
  unbiased: boolean;
  symmetric: boolean;
  /** The linearized model. */
  twin: boolean;
  decay: boolean;
  flow: boolean;
}

/** P[a, c] Q[b, d] at entries (a, b) and (c, d): a part of a tangent kernel. */
export type KernelPair = readonly [P: Matrix, Q: Matrix];

/** The changes of what the flow conserves, after `forward`. */
export interface Conserved {
  operations: Operation[];
  changes: View[];
}

/** What differs between kinds of models. */
export interface Model {
  forward: Operation[];
  backward: (moves: Moves) => Operation[];
  predictor: (out: View) => Operation;
  gapPredictor: (out: View) => Operation;
  kernels: Operation[];
  kernelStart: KernelPair[];
  kernelChange: KernelPair[];
  kernelFactor: number;
  weights: (out: (copy: number, l: number) => View) => Operation[];
  conserved: Conserved;
}

/** Moves a field's factor by terms: an update, or its time derivative. */
export type Moves = (field: number, l: number, ...terms: Term[][]) => Operation;

export interface Making {
  shapes: FactorShapes;
  features: MatrixFeatures;
  numbers: Numbers;
  field(place: number): View[];
  gap: number;
  gapSum: number;
  /** Matrices of the gradient, and of the same of the gap. */
  G: View;
  H: View;
}

/** Builds matrices of known value as operations are listed. */
export class Maker {
  readonly operations: Operation[] = [];

  constructor(readonly numbers: Numbers) {}

  /** The sum of these terms: nothing is computed of a sole matrix or of none. */
  of(rows: number, columns: number, ...parts: Term[][]): Matrix {
    const terms = parts.flat();
    if (terms.length === 0) return "zero";
    const [{ left, right, coefficient, factor }] = terms;
    if (terms.length === 1 && !right && coefficient === 1 && !factor) return left;
    const out = this.numbers.matrix(rows, columns);
    this.operations.push(sum(out, terms));
    return out;
  }
}

/** R_l at the start: the identity, W_1, W_2 W_1, ... */
export function startsFromRight(maker: Maker, factors: readonly Factor[], a: readonly View[]): Matrix[] {
  const R: Matrix[] = ["identity"];
  factors.slice(0, -1).forEach(({ rows }, l) => {
    R.push(maker.of(rows, factors[0].columns, product(a[l], R[l])));
  });
  return R;
}

/** X X^T. */
export const grown = (maker: Maker, size: number, X: Matrix): Matrix =>
  X === "identity" ? X : maker.of(size, size, product(X, transposed(X)));

export const grownBy = (maker: Maker, size: number, X: Matrix, dX: Matrix): Matrix =>
  maker.of(size, size, ...changeOfSquare(X, dX));

/** (X + dX)(X + dX)^T - X X^T. */
export const changeOfSquare = (X: Matrix, dX: Matrix, coefficient = 1): Term[][] => [
  product(dX, transposed(X), coefficient),
  product(X, transposed(dX), coefficient),
  product(dX, transposed(dX), coefficient),
];

/** A factor in a balance: as W^T W, for which it is transposed, or as W W^T, subtracted. */
interface Side {
  l: number;
  transpose: (matrix: Matrix) => Matrix;
  sign: 1 | -1;
}

/** The changes of W_(l+1)^T W_(l+1) - W_l W_l^T, which the flow conserves; `change` is that of one of both. */
export function balanceOf(
  numbers: Numbers,
  factors: readonly Factor[],
  change: (side: Side) => Term[][],
): Conserved {
  const changes = factors.slice(0, -1).map(({ rows }) => numbers.matrix(rows, rows, rows * rows));
  const operations = changes.map((matrix, l) =>
    sum(
      matrix,
      ...change({ l: l + 1, transpose: transposed, sign: 1 }),
      ...change({ l, transpose: (own) => own, sign: -1 }),
    ),
  );
  return { operations, changes };
}

/** Matrix models by their factors themselves, in float64: gradients as the rule of products gives them, nothing kept apart. */
import { type AbstractMatrix, Matrix } from "ml-matrix";
import { backOf, outputsOf } from "../../src/data/measure.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { epochOrder } from "../../src/data/stream.ts";
import type { DescentSpecification, MatrixModel, Run } from "../../src/document/types.ts";
import { type FactorShapes, factorsOf } from "../../src/models/matrix/shape.ts";

export interface Factors {
  /** By copy, w+ first, its factors. */
  copies: Matrix[][];
  linear: Matrix[][];
}

/** Trains by descent, and the linearized model beside. */
export function descend(
  run: Run,
  dataset: Dataset,
  w0: Float64Array,
  shapes: FactorShapes = factorsOf(run.model as MatrixModel, dataset),
): Factors & { start: Matrix[]; W: Matrix } {
  const { symmetric, unbiased } = run.model as MatrixModel;
  const { rows, columns } = dataset.matrix!;
  const { alpha, scaling, subtract } = run.init;
  const A = scaling === "output" ? alpha : 1;
  const { stepSize, epochs, batchSize, seed } = run.train as DescentSpecification;
  const { l2, reduction } = run.loss;
  const start = shapes.factors.map(({ rows: height, columns: width, offset }) =>
    Matrix.from1DArray(height, width, [...w0.subarray(offset, offset + height * width)]).mul(
      scaling === "output" ? 1 : alpha,
    ),
  );
  const signs = unbiased ? [1, -1] : [1];
  const clone = () => signs.map(() => start.map((factor) => factor.clone()));
  const state: Factors = { copies: clone(), linear: clone() };
  const product = (factors: Matrix[]) =>
    symmetric
      ? factors[0].mmul(factors[0].transpose())
      : factors.reduce((below, factor) => factor.mmul(below));
  const gradients = (factors: Matrix[], G: Matrix): Matrix[] => {
    if (symmetric) return [Matrix.add(G, G.transpose()).mmul(factors[0])];
    return factors.map((_, l) => {
      const left = factors
        .slice(l + 1)
        .reduce((below, factor) => factor.mmul(below), Matrix.eye(factors[l].rows));
      const right = factors.slice(0, l).reduce((below, factor) => factor.mmul(below), Matrix.eye(columns));
      return left.transpose().mmul(G).mmul(right.transpose());
    });
  };
  const inner = (one: Matrix[], other: Matrix[]) =>
    one.reduce((sum, factor, l) => sum + Matrix.mul(factor, other[l]).sum(), 0);
  const W0 = signs.reduce((sum, sign) => sum.add(product(start).mul(sign)), Matrix.zeros(rows, columns));
  const predict = (copies: Matrix[][]) =>
    copies.reduce((sum, factors, c) => sum.add(product(factors).mul(signs[c])), Matrix.zeros(rows, columns));
  const offset = subtract ? W0 : Matrix.zeros(rows, columns);
  /** Of the linearized model, entry by entry: W0 + <gradient of the entry, w - w(0)>. */
  const linearized = () =>
    Matrix.from1DArray(
      rows,
      columns,
      Array.from({ length: rows * columns }, (_, cell) => {
        const E = Matrix.zeros(rows, columns);
        E.set(Math.floor(cell / columns), cell % columns, 1);
        const slopes = gradients(start, E);
        return (
          W0.get(Math.floor(cell / columns), cell % columns) +
          state.linear.reduce(
            (sum, factors, c) =>
              sum +
              signs[c] *
                inner(
                  slopes,
                  factors.map((factor, l) => Matrix.sub(factor, start[l])),
                ),
            0,
          )
        );
      }),
    );
  const size = batchSize === "full" ? dataset.samples : batchSize;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = size < dataset.samples ? epochOrder(seed, epoch, dataset.samples) : undefined;
    for (let begin = 0; begin < dataset.samples; begin += size) {
      const batch = order ? new Set(order.subarray(begin, begin + size)) : undefined;
      const count = Math.min(size, dataset.samples - begin);
      const step = (own: Matrix[][], at: () => Matrix[][], W: AbstractMatrix) => {
        const f = outputsOf(dataset, Matrix.sub(W, offset).mul(A).to1DArray(), "training");
        const r = f.map((output, i) => (batch && !batch.has(i) ? 0 : output - dataset.y[i]));
        const scale = 2 / (reduction === "mean" ? count : 1) / A;
        const G = Matrix.from1DArray(rows, columns, [...backOf(dataset, r)]).mul(scale);
        const slopes = at().map((factors) => gradients(factors, G));
        own.forEach((factors, c) =>
          factors.forEach((factor, l) => {
            factor.mul(1 - 2 * stepSize * l2).sub(Matrix.mul(slopes[c][l], signs[c] * stepSize));
          }),
        );
      };
      step(state.linear, () => signs.map(() => start), linearized());
      step(state.copies, () => state.copies, predict(state.copies));
    }
  }
  return { ...state, start, W: Matrix.sub(predict(state.copies), offset).mul(A) };
}

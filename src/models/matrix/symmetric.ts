import { Maker, grown, grownBy, type Making, type Model, type Moves, type KernelPair } from "./making.ts";
import { type Matrix, type Operation, type View, plus, product, sum, transposed } from "./program.ts";
import { copyOf, productOfCopies } from "./two-copies.ts";

/**
 * W = U U^T, or U+ U+^T - U- U-^T. With G' = G + G^T, M = a + s/2:
 *
 *   one copy   W - W0 = w v^T + v a^T,  W - Wbar = v v^T + e a^T + a e^T
 *              v <- v - rate G' w,      e <- e - rate (G' v + G_H' a)
 *   two        W = d M^T + M d^T,       W - Wbar = e a^T + a e^T + (d s^T + s d^T) / 2
 *              d <- d - 2 rate G' M,    s <- s - rate G' d,    e <- e - rate (G' s + 2 G_H' a)
 */
export function symmetricModel({ shapes, features, numbers, field, gap, gapSum, G, H }: Making): Model {
  const { factors, rows } = shapes;
  const { unbiased, twin, decay } = features;
  const [[a], [x], [s], [e], [t]] = [field(0), field(1), field(2), field(gap), field(gapSum)];
  const { columns: width } = factors[0];
  const maker = new Maker(numbers);
  const w = maker.of(rows, width, plus(a), unbiased ? plus(s, 0.5, "square") : plus(x)) as View;
  /** coefficient (X + X^T) Y. */
  const both = (X: View, Y: Matrix, coefficient: number) => [
    product(X, Y, coefficient, "rate"),
    product(transposed(X), Y, coefficient, "rate"),
  ];
  const outer = (X: Matrix, Y: Matrix, coefficient = 1) => [
    product(X, transposed(Y), coefficient),
    product(Y, transposed(X), coefficient),
  ];
  const C = maker.of(
    rows,
    rows,
    ...(unbiased ? outer(x, w) : [product(w, transposed(x)), product(x, transposed(a))]),
  );
  const gapMatrix = twin
    ? maker.of(rows, rows, ...(unbiased ? outer(x, s, 0.5) : [product(x, transposed(x))]), ...outer(e, a))
    : "zero";
  const decayed = (...matrices: [View, number][]) =>
    decay ? matrices.flatMap(([matrix, times]) => plus(matrix, -times, "decay")) : [];
  const backward = (moves: Moves): Operation[] =>
    unbiased
      ? // What is read by others is moved after them.
        [
          ...(twin ? [moves(gap, 0, ...both(G, s, -1), ...both(H, a, -2), decayed([e, 1]))] : []),
          ...(gapSum ? [moves(gapSum, 0, ...both(G, x, -1), decayed([t, 1]))] : []),
          moves(2, 0, ...both(G, x, -1), decayed([s, 1], [a, 2])),
          moves(1, 0, ...both(G, w, -2), decayed([x, 1])),
        ]
      : [
          ...(twin ? [moves(gap, 0, ...both(G, x, -1), ...both(H, a, -1), decayed([e, 1]))] : []),
          moves(1, 0, ...both(G, w, -1), decayed([w, 1])),
        ];
  const kernel = new Maker(numbers);
  const start = grown(kernel, rows, a);
  const change = unbiased
    ? kernel.of(
        rows,
        rows,
        ...outer(a, s, 0.5),
        product(s, transposed(s), 0.25, "square"),
        product(x, transposed(x), 0.25),
      )
    : grownBy(kernel, rows, a, x);
  const conserved = unbiased ? productOfCopies(numbers, [[a], [x], [s]]) : { operations: [], changes: [] };
  const crossed = (M: Matrix): KernelPair[] => [
    [M, "identity"],
    ["identity", M],
  ];
  return {
    ...{ backward, kernelFactor: unbiased ? 2 : 1, conserved },
    forward: maker.operations,
    predictor: (out) => sum(out, plus(C, 1, "output")),
    gapPredictor: (out) => sum(out, plus(gapMatrix, 1, "output")),
    kernels: kernel.operations,
    kernelStart: crossed(start),
    kernelChange: crossed(change),
    weights: (out) =>
      unbiased ? [0, 1].map((copy) => copyOf(out(copy, 0), copy, w, x)) : [sum(out(0, 0), plus(w))],
  };
}

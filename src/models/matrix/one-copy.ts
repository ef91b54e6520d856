import {
  Maker,
  startsFromRight,
  grown,
  grownBy,
  changeOfSquare,
  balanceOf,
  type Making,
  type Model,
  type Moves,
  type KernelPair,
} from "./making.ts";
import {
  type Matrix,
  type Operation,
  type Term,
  type View,
  plus,
  product,
  sum,
  transposed,
} from "./program.ts";

/**
 * One copy: a, v = w - a, e = w - wbar. With C_l the change of W_l .. W_1, and H_l what it differs by from the linearized
 * model's,
 *
 *   C_l = w_l C_(l-1) + v_l R0_l        H_l = a_l H_(l-1) + v_l C_(l-1) + e_l R0_l
 *
 * and with G = sum of r_i A_i, G_H = sum of h_i A_i, and signals back B_l = L_l^T G, of which B0 is L0^T G and BF the rest,
 *
 *   v_l <- v_l - rate B_l R_l^T         e_l <- e_l - rate (BF_l R_l^T + B0_l C_(l-1)^T + L0_l^T G_H R0_l^T)
 */
export function plainModel({ shapes, features, numbers, field, gap, G, H }: Making): Model {
  const { factors, rows, columns } = shapes;
  const { twin, decay } = features;
  const [a, v, e] = [field(0), field(1), field(gap)];
  const D = factors.length;
  const maker = new Maker(numbers);
  const w = factors.map((factor, l) => maker.of(factor.rows, factor.columns, plus(a[l]), plus(v[l])) as View);
  const R0 = startsFromRight(maker, factors, a);
  const C: Matrix[] = ["zero"];
  factors.forEach((factor, l) =>
    C.push(maker.of(factor.rows, columns, product(w[l], C[l]), product(v[l], R0[l]))),
  );
  const R = R0.map((start, l) =>
    l < 2 ? (l === 0 ? start : w[0]) : maker.of(factors[l].columns, columns, plus(start), plus(C[l])),
  );
  const gaps: Matrix[] = ["zero"];
  if (twin)
    factors.forEach((factor, l) =>
      gaps.push(
        maker.of(factor.rows, columns, product(a[l], gaps[l]), product(v[l], C[l]), product(e[l], R0[l])),
      ),
    );

  const backward = (moves: Moves): Operation[] => {
    const back = new Maker(numbers);
    const width = (l: number) => factors[l].columns;
    const times = (l: number, by: readonly View[], signal: Matrix, more: Term[] = []) =>
      back.of(width(l), columns, product(transposed(by[l]), signal), more);
    const [B, B0, BF, BH]: Matrix[][] = [[], [], [], []];
    [B[D - 1], B0[D - 1], BF[D - 1], BH[D - 1]] = [G, G, "zero", H];
    for (let l = D - 1; l > 0; l--) {
      B[l - 1] = times(l, w, B[l]);
      if (!twin) continue;
      B0[l - 1] = times(l, a, B0[l]);
      BF[l - 1] = times(l, w, BF[l], product(transposed(v[l]), B0[l]));
      BH[l - 1] = times(l, a, BH[l]);
    }
    return [
      ...back.operations,
      // The last factor first: C_1 is v_1 itself, which the update of e_2 reads.
      ...[...factors.keys()]
        .reverse()
        .flatMap((l) => [
          moves(1, l, product(B[l], transposed(R[l]), -1, "rate"), decay ? plus(w[l], -1, "decay") : []),
          ...(twin
            ? [
                moves(
                  gap,
                  l,
                  product(BF[l], transposed(R[l]), -1, "rate"),
                  product(B0[l], transposed(C[l]), -1, "rate"),
                  product(BH[l], transposed(R0[l]), -1, "rate"),
                  decay ? plus(e[l], -1, "decay") : [],
                ),
              ]
            : []),
        ]),
    ];
  };

  const kernel = new Maker(numbers);
  const L0: Matrix[] = [];
  const F: Matrix[] = [];
  [L0[D - 1], F[D - 1]] = ["identity", "zero"];
  for (let l = D - 1; l > 0; l--) {
    const width = factors[l].columns;
    F[l - 1] = kernel.of(rows, width, product(F[l], w[l]), product(L0[l], v[l]));
    L0[l - 1] = kernel.of(rows, width, product(L0[l], a[l]));
  }
  const kernelStart: KernelPair[] = [];
  const kernelChange: KernelPair[] = [];
  factors.forEach((_, l) => {
    const P0 = grown(kernel, rows, L0[l]);
    const Q0 = grown(kernel, columns, transposed(R0[l]));
    const dP = grownBy(kernel, rows, L0[l], F[l]);
    const dQ = grownBy(kernel, columns, transposed(R0[l]), transposed(C[l]));
    const Q = dQ === "zero" ? Q0 : kernel.of(columns, columns, plus(Q0), plus(dQ));
    kernelStart.push([P0, Q0]);
    kernelChange.push([dP, Q], [P0, dQ]);
  });

  const conserved = balanceOf(numbers, factors, ({ l, transpose, sign }) => {
    const [A, V] = [a[l], v[l]].map(transpose);
    return changeOfSquare(A, V, sign);
  });
  return {
    ...{ backward, kernelStart, kernelFactor: 1, conserved },
    forward: maker.operations,
    predictor: (out) => sum(out, plus(C[D], 1, "output")),
    gapPredictor: (out) => sum(out, plus(gaps[D], 1, "output")),
    kernels: kernel.operations,
    kernelChange: kernelChange.filter(([P, Q]) => P !== "zero" && Q !== "zero"),
    weights: (out) => w.map((weights, l) => sum(out(0, l), plus(weights))),
  };
}

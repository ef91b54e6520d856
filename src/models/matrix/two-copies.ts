import {
  Maker,
  startsFromRight,
  grown,
  changeOfSquare,
  balanceOf,
  type Making,
  type Model,
  type Moves,
  type KernelPair,
  type Conserved,
} from "./making.ts";
import type { Numbers } from "./program.ts";
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
import type { Factor } from "./shape.ts";

/**
 * Two copies that start equal: a, d = w+ - w-, s = w+ + w- - 2a, e = d - dbar; o = d/2, h = s/2, w = a + h their mean. The
 * product of both copies' factors l .. 1 is E_l +- O_l, F_l the change of E_l; with k the displacement's unit,
 *
 *   E_l = w_l E_(l-1) + k^2 o_l O_(l-1)       O_l = w_l O_(l-1) + o_l E_(l-1)
 *   F_l = a_l F_(l-1) + h_l E_(l-1) + o_l O_(l-1)
 *   W = 2 O_D       H_l = a_l H_(l-1) + h_l O_(l-1) + o_l F_(l-1) + e_l R0_l / 2,  W - Wbar = 2 H_D
 *
 * From the left the same, multiplied by G on the way: EB = EL^T G, OB, FB, and B0 = L0^T G, BH = L0^T G_H:
 *
 *   d <- d - 2 rate (EB E^T + k^2 OB O^T)     s <- s - 2 rate (EB O^T + OB E^T)
 *   e <- e - 2 rate (FB E^T + B0 F^T + OB O^T + BH R0^T)
 */
export function unbiasedModel({ shapes, features, numbers, field, gap, gapSum, G, H }: Making): Model {
  const { factors, rows, columns } = shapes;
  const { twin, decay } = features;
  const [a, d, s, e, t] = [field(0), field(1), field(2), field(gap), field(gapSum)];
  const D = factors.length;
  const maker = new Maker(numbers);
  const w = factors.map(
    (factor, l) => maker.of(factor.rows, factor.columns, plus(a[l]), plus(s[l], 0.5, "square")) as View,
  );
  const R0 = startsFromRight(maker, factors, a);
  const [E, O]: Matrix[][] = [["identity"], ["zero"]];
  factors.forEach((factor, l) => {
    E.push(
      l === D - 1
        ? "zero"
        : maker.of(factor.rows, columns, product(w[l], E[l]), product(d[l], O[l], 0.5, "square")),
    );
    O.push(maker.of(factor.rows, columns, product(w[l], O[l]), product(d[l], E[l], 0.5)));
  });
  const evenChanges = (maker: Maker) => {
    const F: Matrix[] = ["zero"];
    factors.slice(0, -1).forEach((factor, l) => {
      F.push(
        maker.of(
          factor.rows,
          columns,
          product(a[l], F[l]),
          product(s[l], E[l], 0.5),
          product(d[l], O[l], 0.5),
        ),
      );
    });
    return F;
  };
  const kernel = new Maker(numbers);
  const F = evenChanges(twin ? maker : kernel);
  const gaps: Matrix[] = ["zero"];
  if (twin)
    factors.forEach((factor, l) => {
      gaps.push(
        maker.of(
          factor.rows,
          columns,
          product(a[l], gaps[l]),
          product(s[l], O[l], 0.5),
          product(d[l], F[l], 0.5),
          product(e[l], R0[l], 0.5),
        ),
      );
    });

  const backward = (moves: Moves): Operation[] => {
    const back = new Maker(numbers);
    const [EB, OB, FB, B0, BH]: Matrix[][] = [[], [], [], [], []];
    [EB[D - 1], OB[D - 1], FB[D - 1], B0[D - 1], BH[D - 1]] = [G, "zero", "zero", G, H];
    for (let l = D - 1; l > 0; l--) {
      const [wT, dT, aT, sT] = [w, d, a, s].map((all) => transposed(all[l]));
      const of = (...terms: Term[][]) => back.of(factors[l].columns, columns, ...terms);
      EB[l - 1] = of(product(wT, EB[l]), product(dT, OB[l], 0.5, "square"));
      OB[l - 1] = of(product(wT, OB[l]), product(dT, EB[l], 0.5));
      if (!twin) continue;
      FB[l - 1] = of(product(aT, FB[l]), product(sT, EB[l], 0.5), product(dT, OB[l], 0.5));
      B0[l - 1] = of(product(aT, B0[l]));
      BH[l - 1] = of(product(aT, BH[l]));
    }
    return [
      ...back.operations,
      ...factors.flatMap((_, l) => {
        const sums = [
          product(EB[l], transposed(O[l]), -2, "rate"),
          product(OB[l], transposed(E[l]), -2, "rate"),
        ];
        return [
          moves(
            1,
            l,
            product(EB[l], transposed(E[l]), -2, "rate"),
            product(OB[l], transposed(O[l]), -2, "squareRate"),
            decay ? plus(d[l], -1, "decay") : [],
          ),
          moves(2, l, ...sums, ...(decay ? [plus(s[l], -1, "decay"), plus(a[l], -2, "decay")] : [])),
          ...(twin
            ? [
                moves(
                  gap,
                  l,
                  product(FB[l], transposed(E[l]), -2, "rate"),
                  product(B0[l], transposed(F[l]), -2, "rate"),
                  product(OB[l], transposed(O[l]), -2, "rate"),
                  product(BH[l], transposed(R0[l]), -2, "rate"),
                  decay ? plus(e[l], -1, "decay") : [],
                ),
              ]
            : []),
          ...(gapSum ? [moves(gapSum, l, ...sums, plus(t[l], -1, "decay"))] : []),
        ];
      }),
    ];
  };

  const [EL, OL, FL, L0]: Matrix[][] = [[], [], [], []];
  [EL[D - 1], OL[D - 1], FL[D - 1], L0[D - 1]] = ["identity", "zero", "zero", "identity"];
  for (let l = D - 1; l > 0; l--) {
    const of = (...terms: Term[][]) => kernel.of(rows, factors[l].columns, ...terms);
    EL[l - 1] = of(product(EL[l], w[l]), product(OL[l], d[l], 0.5, "square"));
    OL[l - 1] = of(product(OL[l], w[l]), product(EL[l], d[l], 0.5));
    FL[l - 1] = of(product(FL[l], a[l]), product(EL[l], s[l], 0.5), product(OL[l], d[l], 0.5));
    L0[l - 1] = of(product(L0[l], a[l]));
  }
  const kernelStart: KernelPair[] = [];
  const kernelChange: KernelPair[] = [];
  factors.forEach((_, l) => {
    const P = evenAndOdd(kernel, rows, L0[l], EL[l], OL[l], FL[l]);
    const Q = evenAndOdd(
      kernel,
      columns,
      ...([R0[l], E[l], O[l], F[l]].map(transposed) as [Matrix, Matrix, Matrix, Matrix]),
    );
    const even =
      Q.change === "zero" ? Q.start : kernel.of(columns, columns, plus(Q.start), plus(Q.change, 1, "square"));
    kernelStart.push([P.start, Q.start]);
    kernelChange.push([P.change, even], [P.start, Q.change], [P.odd, Q.odd]);
  });

  return {
    ...{ backward, kernelStart, kernelFactor: 2 },
    forward: maker.operations,
    predictor: (out) => sum(out, plus(O[D], 2, "output")),
    gapPredictor: (out) => sum(out, plus(gaps[D], 2, "output")),
    kernels: kernel.operations,
    kernelChange: kernelChange.filter(([P, Q]) => P !== "zero" && Q !== "zero"),
    weights: (out) => [0, 1].flatMap((copy) => w.map((_, l) => copyOf(out(copy, l), copy, w[l], d[l]))),
    conserved:
      D === 2
        ? productOfCopies(
            numbers,
            // U is [rows, width]; V = W_1^T is [columns, width].
            [a, d, s].map((all) => [all[1], transposed(all[0]) as View]),
          )
        : balanceOfCopies(numbers, factors, a, d, s),
  };
}

/** w+ or w-, from their mean and their difference. */
export const copyOf = (out: View, copy: number, w: View, d: View): Operation =>
  sum(out, plus(w), plus(d, copy === 0 ? 0.5 : -0.5, "displacement"));

/** X X^T of both copies, X = E +- k O: at the start, k^-2 the change of their mean, and half their difference over k. */
function evenAndOdd(
  maker: Maker,
  size: number,
  X0: Matrix,
  E: Matrix,
  O: Matrix,
  F: Matrix,
): { start: Matrix; change: Matrix; odd: Matrix } {
  return {
    start: grown(maker, size, X0),
    change: maker.of(
      size,
      size,
      product(F, transposed(X0)),
      product(X0, transposed(F)),
      product(F, transposed(F), 1, "square"),
      product(O, transposed(O)),
    ),
    odd: maker.of(size, size, product(E, transposed(O)), product(O, transposed(E))),
  };
}

/**
 * W-^T W+ added up over the matrices given, each [., width]: what two factors conserve. With W+- = a + k^2 s/2 +- k d/2 its
 * change over k is k (a^T s + s^T a)/2 + k^3 s^T s/4 - k d^T d/4, and (a^T d - d^T a)/2 + k^2 (s^T d - d^T s)/4.
 *
 * @param fields a, d and s of each
 */
export function productOfCopies(numbers: Numbers, [a, d, s]: readonly (readonly View[])[]): Conserved {
  const width = a[0].columns;
  const [change, even, odd] = Array.from({ length: 3 }, () => numbers.matrix(width, width, width * width));
  const each = (terms: (A: Matrix, d: View, s: View) => Term[][]) =>
    a.flatMap((A, i) => terms(transposed(A), d[i], s[i]));
  return {
    operations: [
      sum(
        even,
        ...each((aT, _, s) => [product(aT, s, 0.5)]),
        ...each((aT, _, s) => [product(transposed(s), transposed(aT), 0.5)]),
        ...each((_, d, s) => [product(transposed(s), s, 0.25, "square"), product(transposed(d), d, -0.25)]),
      ),
      sum(
        odd,
        ...each((aT, d, s) => [
          product(aT, d, 0.5),
          product(transposed(d), transposed(aT), -0.5),
          product(transposed(s), d, 0.25, "square"),
          product(transposed(d), s, -0.25, "square"),
        ]),
      ),
      sum(change, plus(even, 1, "square"), plus(odd, 1, "displacement")),
    ],
    changes: [change],
  };
}

/** The balances of w+ and of w-. */
function balanceOfCopies(
  numbers: Numbers,
  factors: readonly Factor[],
  a: readonly View[],
  d: readonly View[],
  s: readonly View[],
): Conserved {
  const balances = ([1, -1] as const).map((copy) => {
    const moved = factors.map(({ rows, columns }) => numbers.matrix(rows, columns));
    const { operations, changes } = balanceOf(numbers, factors, ({ l, transpose, sign }) => {
      const [A, V] = [a[l], moved[l]].map(transpose);
      return changeOfSquare(A, V, sign);
    });
    const moves = moved.map((own, l) =>
      sum(own, plus(s[l], 0.5, "square"), plus(d[l], copy / 2, "displacement")),
    );
    return { operations: [...moves, ...operations], changes };
  });
  return {
    operations: balances.flatMap(({ operations }) => operations),
    changes: balances.flatMap(({ changes }) => changes),
  };
}

/**
 * Matrix models in coordinates without cancellation: as lists of operations, W = W_D .. W_1 and how far it is from that of
 * the linearized model, each made by sums of products alone, nothing subtracted that is nearly equal. Numbers are in the run's
 * units (start.ts). L_l = W_D .. W_(l+1), R_l = W_(l-1) .. W_1; L0, R0 are those at w(0).
 */

import {
  HEAD,
  type Matrix,
  Numbers,
  type Operation,
  type Term,
  type View,
  checks,
  gradient,
  load,
  plus,
  product,
  residual,
  store,
  sum,
  transposed,
  update,
} from "./program.ts";
import type { Factor, FactorShapes } from "./shape.ts";

/** Invocations that may share a run. */
const MOST_LANES = 64;

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

/** The changes of what the flow conserves, after `forward`. */
export interface Conserved {
  operations: Operation[];
  changes: View[];
}

/** What differs between kinds of models. */
interface Model {
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
type Moves = (field: number, l: number, ...terms: Term[][]) => Operation;

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
    size: numbers.size,
  };
}

interface Making {
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
class Maker {
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
function startsFromRight(maker: Maker, factors: readonly Factor[], a: readonly View[]): Matrix[] {
  const R: Matrix[] = ["identity"];
  factors.slice(0, -1).forEach(({ rows }, l) => {
    R.push(maker.of(rows, factors[0].columns, product(a[l], R[l])));
  });
  return R;
}

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
function plainModel({ shapes, features, numbers, field, gap, G, H }: Making): Model {
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

/** X X^T. */
const grown = (maker: Maker, size: number, X: Matrix): Matrix =>
  X === "identity" ? X : maker.of(size, size, product(X, transposed(X)));

const grownBy = (maker: Maker, size: number, X: Matrix, dX: Matrix): Matrix =>
  maker.of(size, size, ...changeOfSquare(X, dX));

/** (X + dX)(X + dX)^T - X X^T. */
const changeOfSquare = (X: Matrix, dX: Matrix, coefficient = 1): Term[][] => [
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
function balanceOf(
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
function unbiasedModel({ shapes, features, numbers, field, gap, gapSum, G, H }: Making): Model {
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
const copyOf = (out: View, copy: number, w: View, d: View): Operation =>
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
function productOfCopies(numbers: Numbers, [a, d, s]: readonly (readonly View[])[]): Conserved {
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

/**
 * W = U U^T, or U+ U+^T - U- U-^T. With G' = G + G^T, M = a + s/2:
 *
 *   one copy   W - W0 = w v^T + v a^T,  W - Wbar = v v^T + e a^T + a e^T
 *              v <- v - rate G' w,      e <- e - rate (G' v + G_H' a)
 *   two        W = d M^T + M d^T,       W - Wbar = e a^T + a e^T + (d s^T + s d^T) / 2
 *              d <- d - 2 rate G' M,    s <- s - rate G' d,    e <- e - rate (G' s + 2 G_H' a)
 */
function symmetricModel({ shapes, features, numbers, field, gap, gapSum, G, H }: Making): Model {
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

/**
 * A step of a matrix model as a list of operations, each a sum of matrices and of products of two: one list for the GPU
 * (shaders/matrix_runs.wgsl) and for float64 (matrix.reference.ts). What an operation reads and writes are a run's numbers
 * in one array, of which the first are its state.
 */

/** A matrix among a run's numbers; entry (i, j) is at `at + i down + j across`. */
export interface View {
  at: number;
  rows: number;
  columns: number;
  down: number;
  across: number;
}

/** Numbers that one load may bring. */
const FOUR = 4;

/** Whether a matrix lies row after row. */
export const isFlat = ({ columns, down, across }: View): boolean => across === 1 && down === columns;

/** Whether it does so in whole fours, as every run's numbers begin with one. */
export const isInFours = (view: View): boolean =>
  isFlat(view) && view.at % FOUR === 0 && view.columns % FOUR === 0;

/** Products with these are left out. */
export type Matrix = View | "identity" | "zero";

export const isView = (matrix: Matrix): matrix is View => typeof matrix === "object";

export const transposed = (matrix: Matrix): Matrix =>
  isView(matrix)
    ? { ...matrix, rows: matrix.columns, columns: matrix.rows, down: matrix.across, across: matrix.down }
    : matrix;

/** A run's own numbers that terms are multiplied by, in the order that its state holds them in, after its fields. */
export const runFactors = ["displacement", "square", "rate", "squareRate", "decay", "output"] as const;
export type RunFactor = (typeof runFactors)[number];
/** After the factors, the loss at which a run stops. */
export const HEAD = runFactors.length + 1;

/** coefficient times the run's factor times left, or left right. */
export interface Term {
  left: View;
  right?: View;
  coefficient: number;
  factor?: RunFactor | undefined;
}

export interface Operation {
  kind: keyof typeof kinds;
  /** sum: what is written. residual, gradient: the matrix measured, that of the gradient. */
  matrix: View;
  terms: readonly Term[];
  /** Channel of the residuals: 1 is that of f less the linearized model's output, which has no targets. */
  channel: number;
  /** Numbers of the state that are loaded, or stored from `matrix.at` on to `first` and so on. */
  first: number;
  count: number;
  /** A run whose written numbers are not finite has diverged. */
  watched: boolean;
}

/** Numbers of kinds, as shaders know them. */
export const kinds = { sum: 0, load: 1, store: 2, residual: 3, gradient: 4, squares: 5, check: 6 } as const;

const NOWHERE: View = { at: 0, rows: 0, columns: 0, down: 0, across: 1 };
const PLAIN = { matrix: NOWHERE, terms: [], channel: 0, first: 0, count: 0, watched: false };

/** Terms of coefficient (factor) left right. */
export function product(left: Matrix, right: Matrix, coefficient = 1, factor?: RunFactor): Term[] {
  if (left === "zero" || right === "zero") return [];
  if (left === "identity") return plus(right, coefficient, factor);
  if (right === "identity") return plus(left, coefficient, factor);
  return [{ left, right, coefficient, factor }];
}

/** Terms of coefficient (factor) matrix. */
export function plus(matrix: Matrix, coefficient = 1, factor?: RunFactor): Term[] {
  if (matrix === "zero") return [];
  if (matrix === "identity") throw new Error("the identity is no matrix among a run's numbers");
  return [{ left: matrix, coefficient, factor }];
}

/** Where a run's numbers are, as matrices are asked for. */
export class Numbers {
  size = 0;

  /** Of all, in whole fours. */
  get whole(): number {
    return FOUR * Math.ceil(this.size / FOUR);
  }

  /** @param unit what `at` is a multiple of */
  matrix(rows: number, columns: number, unit = FOUR): View {
    const at = Math.ceil(this.size / unit) * unit;
    this.size = at + rows * columns;
    return { at, rows, columns, down: columns, across: 1 };
  }
}

/** Terms are added in this order: those of two matrices first. */
export const sum = (matrix: View, ...parts: Term[][]): Operation => {
  const terms = parts.flat();
  return {
    ...PLAIN,
    kind: "sum",
    matrix,
    terms: [...terms.filter(({ right }) => right), ...terms.filter(({ right }) => !right)],
  };
};

/** The same, of weights that training moves. */
export const update = (matrix: View, ...terms: Term[][]): Operation => ({
  ...sum(matrix, ...terms),
  watched: true,
});

export const load = (count: number): Operation => ({ ...PLAIN, kind: "load", count });

/** Stores `count` numbers from `at` on as those of the state from `first` on. */
export const store = (at: number, first: number, count: number): Operation => ({
  ...PLAIN,
  kind: "store",
  matrix: { ...NOWHERE, at },
  first,
  count,
});

/** The residuals of a batch, of what is predicted by a matrix. */
export const residual = (matrix: View, channel = 0): Operation => ({
  ...PLAIN,
  kind: "residual",
  matrix,
  channel,
});

/** Their sum over the batch, each times its A_i; of entries only those are written that the batch has. */
export const gradient = (matrix: View, channel = 0): Operation => ({
  ...PLAIN,
  kind: "gradient",
  matrix,
  channel,
});

/** Stop a run whose residuals are small enough; `partial` has room for what each invocation adds up. */
export const checks = (partial: View): Operation[] => [
  { ...PLAIN, kind: "squares", matrix: partial },
  { ...PLAIN, kind: "check", matrix: partial },
];

/** Whether an operation must wait for those since the last that waited: it reads or writes what they write, or writes what they read. */
export function waits(since: readonly Operation[], operation: Operation): boolean {
  const touches = (one: readonly View[], other: readonly View[]) =>
    one.some((a) => other.some((b) => a.at < end(b) && b.at < end(a)));
  return since.some(
    (before) =>
      before.kind !== "sum" ||
      operation.kind !== "sum" ||
      touches([before.matrix], [operation.matrix, ...read(operation)]) ||
      touches(read(before), [operation.matrix]),
  );
}

const end = ({ at, rows, columns }: View) => at + rows * columns;
const read = ({ terms }: Operation) => terms.flatMap(({ left, right }) => (right ? [left, right] : [left]));

/** Vectors of four words that an operation takes: two, and three a term. */
const HEADER = 2;
const TERM = 3;
/** Vectors that the shader has room for. */
export const ROOM = 2048;

/** Where operations begin and end in a program, in vectors. */
export interface Range {
  first: number;
  last: number;
}

/** Lists of operations as the shader reads them, one after the other, and where each operation is. */
export interface Encoded {
  words: Uint32Array<ArrayBuffer>;
  places: Range[][];
}

/** @throws Error where they are too many */
export function encode(lists: readonly (readonly Operation[])[]): Encoded {
  const words = new Uint32Array(4 * ROOM);
  const floats = new Float32Array(words.buffer);
  let place = 0;
  const places = lists.map((operations) => {
    let since: Operation[] = [];
    return operations.map((operation) => {
      const { kind, matrix, terms, channel, watched, count } = operation;
      const first = place;
      const last = first + HEADER + TERM * terms.length;
      if (last > ROOM) throw new Error("a step has too many operations");
      const waiting = since.length === 0 || waits(since, operation);
      since = waiting ? [operation] : [...since, operation];
      const moved = {
        ...{ load: count, store: count, sum: terms.filter(({ right }) => right).length },
        ...{ residual: channel, gradient: channel, squares: 0, check: 0 },
      }[kind];
      words.set([kinds[kind], matrix.at, matrix.rows, matrix.columns], 4 * place);
      words.set(
        [terms.length, Number(waiting) + 2 * Number(watched), moved, operation.first],
        4 * (place + 1),
      );
      place += HEADER;
      for (const { left, right, coefficient, factor } of terms) {
        words.set([left.at, left.down, left.across, right ? right.rows : 0], 4 * place);
        if (right) words.set([right.at, right.down, right.across], 4 * (place + 1));
        floats[4 * (place + 2)] = coefficient;
        // 0 is a factor of 1.
        words[4 * (place + 2) + 1] = factor ? runFactors.indexOf(factor) + 1 : 0;
        place += TERM;
      }
      return { first, last };
    });
  });
  return { words, places };
}

/** A sum in float64, or rounded as float32 does it. */
export function evaluate(
  { matrix, terms }: Operation,
  numbers: Float64Array,
  factors: Readonly<Record<RunFactor, number>>,
): void {
  const { at, rows, columns, down, across } = matrix;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let total = 0;
      for (const { left, right, coefficient, factor } of terms) {
        let value = 0;
        if (right)
          for (let k = 0; k < right.rows; k++)
            value +=
              numbers[left.at + i * left.down + k * left.across] *
              numbers[right.at + k * right.down + j * right.across];
        else value = numbers[left.at + i * left.down + j * left.across];
        total += coefficient * (factor ? factors[factor] : 1) * value;
      }
      numbers[at + i * down + j * across] = total;
    }
}

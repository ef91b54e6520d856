import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { fillNormal, stream } from "../../src/data/stream.ts";
import { singularValues } from "../../src/theory/index.ts";

/** A B of Gaussian factors, [rows, columns], of this rank at most. */
function product(rows: number, columns: number, rank: number, seed: number): Float64Array {
  const [A, B] = [new Float64Array(rows * rank), new Float64Array(columns * rank)];
  fillNormal(stream(seed, "initialWeights"), A);
  fillNormal(stream(seed + 1, "initialWeights"), B);
  const W = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < rank; k++) W[i * columns + j] += A[i * rank + k] * B[j * rank + k];
  return W;
}

/** By another program. */
const known = (W: Float64Array, rows: number, columns: number) =>
  new SingularValueDecomposition(Matrix.from1DArray(rows, columns, [...W]), { autoTranspose: true }).diagonal;

/** Reflections move each value by a few roundings of the largest for each row and column. */
function near(actual: Float64Array, expected: ArrayLike<number>, sides: number) {
  expect(actual.length).toBe(expected.length);
  const bound = 8 * sides * Number.EPSILON * expected[0];
  actual.forEach((value, k) =>
    expect(Math.abs(value - expected[k]), `value ${k}`).toBeLessThanOrEqual(bound),
  );
}

describe("singular values", () => {
  const shapes = [
    [1, 1, 1],
    [1, 5, 1],
    [5, 1, 1],
    [2, 2, 2],
    [7, 12, 3],
    [12, 7, 7],
    [10, 10, 1],
    [10, 10, 10],
    [30, 30, 2],
    [65, 33, 33],
    [100, 100, 5],
  ];
  for (const [rows, columns, rank] of shapes)
    test(`${rows} x ${columns} of rank ${rank}, in float32 too, and of any size`, () => {
      for (const seed of [1, 2, 3]) {
        const W = product(rows, columns, rank, seed);
        near(singularValues(W, rows, columns), known(W, rows, columns), rows + columns);
        const rounded = W.map(Math.fround);
        const values = singularValues(rounded, rows, columns);
        near(values, known(rounded, rows, columns), rows + columns);
        // Powers of two change no digit.
        for (const scale of [2 ** -600, 2 ** 600])
          expect(
            singularValues(
              rounded.map((entry) => scale * entry),
              rows,
              columns,
            ),
          ).toEqual(values.map((value) => scale * value));
      }
    });

  test("of matrices that fall apart: zeros, diagonals, blocks, and what is far from the largest", () => {
    expect([...singularValues(new Float64Array(12), 3, 4)]).toEqual([0, 0, 0]);
    expect([...singularValues(Float64Array.of(0, 0, 3, 0), 2, 2)]).toEqual([3, 0]);
    const diagonal = (...entries: number[]) =>
      Float64Array.from({ length: entries.length ** 2 }, (_, cell) =>
        cell % (entries.length + 1) === 0 ? entries[cell / (entries.length + 1)] : 0,
      );
    near(singularValues(diagonal(1e-9, -2, 1e-20, 2, 0), 5, 5), [2, 2, 1e-9, 1e-20, 0], 10);
    // Two blocks: [[1, 1], [0, 1]] has the golden ratio and its inverse, twice.
    const blocks = Float64Array.of(1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1);
    const golden = (1 + Math.sqrt(5)) / 2;
    near(singularValues(blocks, 4, 4), [golden, golden, 1 / golden, 1 / golden], 8);
  });

  test("of values that are all the same, or all of other sizes", () => {
    const v = product(40, 1, 1, 4);
    const square = v.reduce((sum, entry) => sum + entry * entry, 0);
    const reflection = Float64Array.from({ length: 1600 }, (_, cell) => {
      const [i, j] = [Math.floor(cell / 40), cell % 40];
      return Number(i === j) - (2 * v[i] * v[j]) / square;
    });
    near(singularValues(reflection, 40, 40), new Array<number>(40).fill(1), 80);
    const hilbert = Float64Array.from(
      { length: 400 },
      (_, cell) => 1 / (Math.floor(cell / 20) + (cell % 20) + 1),
    );
    near(singularValues(hilbert, 20, 20), known(hilbert, 20, 20), 40);
    const graded = product(20, 20, 20, 5).map((entry, cell) => entry * 10 ** -(cell % 20));
    near(singularValues(graded, 20, 20), known(graded, 20, 20), 40);
  });

  test("are NaN where an entry is not finite", () => {
    for (const entry of [NaN, Infinity])
      expect([...singularValues(Float64Array.of(1, 2, entry, 4, 5, 6), 3, 2)]).toEqual([NaN, NaN]);
  });
});

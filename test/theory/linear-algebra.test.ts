import { expect, test } from "vitest";
import { factorCholesky, solveCholesky } from "../../src/theory/cholesky.ts";
import { l2Norm } from "../../src/theory/norms.ts";
import { normalMatrix } from "../../src/theory/normal-matrix.ts";
import { rodas } from "../../src/theory/rosenbrock.ts";
import { normals } from "./sparse-regression.ts";

/** A diag(weights) Aᵀ, entry by entry. */
function plainNormalMatrix(A: Float64Array, weights: Float64Array, rows: number): Float64Array {
  const columns = weights.length;
  return Float64Array.from({ length: rows * rows }, (_, k) => {
    const [i, j] = [Math.floor(k / rows), k % rows];
    return weights.reduce((sum, weight, c) => sum + A[i * columns + c] * weight * A[j * columns + c], 0);
  });
}

test("the normal matrix is the plain triple sum at awkward sizes, and leaves the upper triangle alone", () => {
  for (const rows of [1, 2, 3, 4, 5, 7, 63, 65])
    for (const columns of [1, 3, 66]) {
      const A = normals(rows * columns, rows);
      const weights = normals(columns, columns).map((value) => value * value);
      const out = new Float64Array(rows * rows).fill(NaN);
      normalMatrix(A, weights, new Float64Array(A.length), out);
      const expected = plainNormalMatrix(A, weights, rows);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < rows; j++)
          if (j > i) expect(out[i * rows + j]).toBeNaN();
          else expect(Math.abs(out[i * rows + j] - expected[i * rows + j])).toBeLessThan(1e-12 * columns);
    }
});

test("Cholesky solves positive definite systems at awkward sizes, reading the lower triangle only", () => {
  for (const size of [1, 2, 3, 4, 5, 63, 66]) {
    const A = plainNormalMatrix(normals(size * 2 * size, size), new Float64Array(2 * size).fill(1), size);
    const solution = normals(size, 3);
    const right = Float64Array.from({ length: size }, (_, i) =>
      solution.reduce((sum, value, j) => sum + A[i * size + j] * value, 0),
    );
    const factors = A.map((value, k) => (k % size > Math.floor(k / size) ? NaN : value));
    factorCholesky(factors, size);
    solveCholesky(factors, right);
    expect(l2Norm(right.map((value, i) => value - solution[i])) / l2Norm(solution)).toBeLessThan(1e-10);
  }
});

test("Cholesky solves a singular but consistent system: the direction without a pivot gets 0", () => {
  // Rank 2: the third row is the sum of the first two.
  const A = Float64Array.of(2, 1, 3, 1, 2, 3, 3, 3, 6);
  const right = Float64Array.of(3, 3, 6);
  factorCholesky(A, 3);
  solveCholesky(A, right);
  right.forEach((value, i) => expect(value).toBeCloseTo([1, 1, 0][i], 12));
});

/** One step of the method, size 1, on y' = F(y) from y = start. */
function oneStep(F: (y: number) => number, slope: number, start: number): number {
  const k: number[] = [];
  for (let stage = 0; stage < 6; stage++) {
    const point = rodas.a[stage].reduce((sum, a, j) => sum + a * k[j], start);
    const coupling = rodas.c[stage].reduce((sum, c, j) => sum + c * k[j], 0);
    k.push((F(point) + coupling) / (1 / rodas.gamma - slope));
  }
  return rodas.b.reduce((sum, b, j) => sum + b * k[j], start);
}

test("the Rosenbrock tableau damps infinitely stiff components to nothing", () => {
  expect(Math.abs(oneStep((y) => -1e15 * y, -1e15, 1))).toBeLessThan(1e-12);
});

test("the Rosenbrock tableau is of order 4 on a nonlinear equation: half the step, a sixteenth of the error", () => {
  // y' = -y^2, y = 1/(1 + t), to t = 2; a step h is a step 1 of y' = -h y^2.
  const errors = [20, 40, 80].map((steps) => {
    const h = 2 / steps;
    let y = 1;
    for (let k = 0; k < steps; k++) {
      const start = y;
      y = oneStep((value) => -h * value * value, -2 * h * start, start);
    }
    return Math.abs(y - 1 / 3);
  });
  for (let k = 1; k < errors.length; k++) {
    expect(errors[k - 1] / errors[k]).toBeGreaterThan(12);
    expect(errors[k - 1] / errors[k]).toBeLessThan(22);
  }
});

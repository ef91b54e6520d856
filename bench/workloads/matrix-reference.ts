import { gamma, norm, u } from "../../src/models/roundoff.ts";
import type { Expectation, MatrixSweep } from "./problem.ts";

/** Steps of some runs in float64, with a bound on what the same steps in float32 may differ by. */
export function expectMatrix(
  problem: MatrixSweep,
  checked: readonly number[],
  steps: readonly number[],
): Expectation[] {
  const expectations = steps.map((): Expectation => ({ results: [], bounds: [] }));
  for (const run of checked)
    trainReference(problem, run, steps).forEach(({ result, bound }, place) => {
      expectations[place].results.push(result);
      expectations[place].bounds.push(bound);
    });
  return expectations;
}

/** C = A B, or A^T B, or A B^T, of square matrices. */
function multiply(
  A: Float64Array,
  B: Float64Array,
  n: number,
  of: "AB" | "AtB" | "ABt" = "AB",
): Float64Array {
  const C = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const a = of === "AtB" ? A[k * n + i] : A[i * n + k];
      if (a === 0) continue;
      if (of === "ABt") for (let j = 0; j < n; j++) C[i * n + j] += a * B[j * n + k];
      else for (let j = 0; j < n; j++) C[i * n + j] += a * B[k * n + j];
    }
  return C;
}

const size = (matrix: Float64Array) => matrix.map(Math.abs);

/** A bound of the largest singular value: the root of the largest row sum times the largest column sum. */
function widest(matrix: Float64Array, n: number): number {
  const [rows, columns] = [new Float64Array(n), new Float64Array(n)];
  matrix.forEach((entry, cell) => {
    rows[Math.floor(cell / n)] += Math.abs(entry);
    columns[cell % n] += Math.abs(entry);
  });
  return Math.sqrt(Math.max(...rows) * Math.max(...columns));
}

/**
 * Trains W_l <- W_l - c L_l^T G R_l^T, c = 2 eta / m, in float64, and beside it a bound e on the l2 distance of all factors
 * from what float32 makes of them, to first order in u: e <- (1 + c |G| C) e + d, C the largest sum, over the factors
 * other than one, of the norms of all but these two. d is what one step rounds, with products in any order and
 * |L|, |R| products of absolute values: of W gamma(n D) |W_D| .. |W_1|, of the gradient gamma(n D) |L|^T |G| |R|^T and
 * the error of G = W - Y through these, of W_l u |W_l| where it is stored and 2 u of its change.
 *
 * W is then off by at most the root of the sum over factors of the other's norms squared, times e.
 */
function trainReference(
  { size: n, factors: D, observed, mask, targets, starts, stepSize, parameters }: MatrixSweep,
  run: number,
  steps: readonly number[],
): { result: Float64Array; bound: number }[] {
  const W = Array.from({ length: D }, (_, l) =>
    starts.slice(run * parameters + l * n * n, run * parameters + (l + 1) * n * n),
  );
  const rate = (2 * stepSize) / observed;
  const rounding = gamma(n * D + 8);
  const results: { result: Float64Array; bound: number }[] = [];
  let e = u * norm(starts.subarray(run * parameters, (run + 1) * parameters));
  for (let step = 0; results.length < steps.length; step++) {
    const below: Float64Array[] = [W[0]];
    const sizesBelow: Float64Array[] = [size(W[0])];
    for (let l = 1; l < D; l++) {
      below.push(multiply(W[l], below[l - 1], n));
      sizesBelow.push(multiply(size(W[l]), sizesBelow[l - 1], n));
    }
    const norms = W.map((factor) => widest(factor, n));
    const without = (...left: number[]) =>
      norms.reduce((product, value, l) => (left.includes(l) ? product : product * value), 1);
    const predicted = below[D - 1];
    if (step === steps[results.length]) {
      const slope = Math.sqrt(norms.reduce((sum, _, l) => sum + without(l) ** 2, 0));
      const off = slope * e + rounding * norm(sizesBelow[D - 1]);
      results.push({ result: predicted.slice(), bound: off / norm(predicted) });
    }
    const G = predicted.map((entry, cell) => mask[cell] * (entry - targets[cell]));
    const GError = G.map(
      (entry, cell) =>
        mask[cell] * (rounding * sizesBelow[D - 1][cell] + u * (Math.abs(entry) + Math.abs(targets[cell]))),
    );
    let signal: Float64Array = G;
    // What comes back in absolute values: of the signal, and with its error.
    let [most, error]: [Float64Array, Float64Array] = [size(G), GError];
    let rounded = 0;
    for (let l = D - 1; l >= 0; l--) {
      const change = l > 0 ? multiply(signal, below[l - 1], n, "ABt") : signal;
      const changeSize = l > 0 ? multiply(most, sizesBelow[l - 1], n, "ABt") : most;
      const changeError = l > 0 ? multiply(error, sizesBelow[l - 1], n, "ABt") : error;
      const next = l > 0 ? multiply(W[l], signal, n, "AtB") : signal;
      if (l > 0) {
        [most, error] = [multiply(size(W[l]), most, n, "AtB"), multiply(size(W[l]), error, n, "AtB")];
        signal = next;
      }
      for (let i = 0; i < n * n; i++) {
        const own = rate * (changeError[i] + (rounding + 2 * u) * changeSize[i]) + u * Math.abs(W[l][i]);
        rounded += own * own;
        W[l][i] -= rate * change[i];
      }
    }
    const coupling = Math.max(
      ...norms.map((_, l) => norms.reduce((sum, __, m) => (m === l ? sum : sum + without(l, m)), 0)),
    );
    e = (1 + rate * norm(G) * coupling) * e + Math.sqrt(rounded);
  }
  return results;
}

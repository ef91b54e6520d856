import type { MatrixProblem } from "../../src/theory/index.ts";

/** Uniform numbers in [0, 1): mulberry32 (Ettinger 2017), of which every language has the same few lines. */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (Box & Muller, the cosine alone), [length]. */
export function normalDraw(length: number, seed: number): Float64Array {
  const u = uniforms(seed);
  return Float64Array.from({ length }, () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u()));
}

/** left rightᵀ, [rows, columns]; left [rows, rank], right [columns, rank]. */
export function outerProduct(left: Float64Array, right: Float64Array, rank = 1): Float64Array {
  const columns = right.length / rank;
  return Float64Array.from({ length: (left.length / rank) * columns }, (_, k) => {
    const [i, j] = [Math.floor(k / columns), k % columns];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += left[i * rank + r] * right[j * rank + r];
    return sum;
  });
}

/** The completion of `truth` from the cells with the smallest of uniform numbers. */
export function completion(
  truth: Float64Array,
  rows: number,
  observed: number,
  seed: number,
): MatrixProblem & { entries: Int32Array } {
  const columns = truth.length / rows;
  const u = uniforms(seed);
  const order = Float64Array.from(truth, () => u());
  const cells = [...order.keys()]
    .sort((left, right) => order[left] - order[right])
    .slice(0, observed)
    .sort((left, right) => left - right);
  return {
    rows,
    columns,
    entries: Int32Array.from(cells.flatMap((cell) => [Math.floor(cell / columns), cell % columns])),
    targets: Float64Array.from(cells, (cell) => truth[cell]),
  };
}

/** The same problem with its entries as matrices that hold one 1. */
export function asMeasurements({
  rows,
  columns,
  entries,
  targets,
}: MatrixProblem & { entries: Int32Array }): MatrixProblem & { measurements: Float64Array } {
  const measurements = new Float64Array(targets.length * rows * columns);
  targets.forEach((_, i) => {
    measurements[(i * rows + entries[2 * i]) * columns + entries[2 * i + 1]] = 1;
  });
  return { rows, columns, measurements, targets };
}

/** Two completions of 10 x 10 matrices of rank 1 from 60 entries: easy, and one whose minimum is below the truth. */
export const P10 = completion(outerProduct(normalDraw(10, 1), normalDraw(10, 2)), 10, 60, 3);
export const P10b = completion(outerProduct(normalDraw(10, 7), normalDraw(10, 8)), 10, 60, 9);

/** W_01 = W_10 = 1, W_11 = 1/2: the smallest matrix problem on which paths from the origin matter. */
export const twoByTwo = {
  rows: 2,
  columns: 2,
  entries: Int32Array.of(0, 1, 1, 0, 1, 1),
  targets: Float64Array.of(1, 1, 0.5),
};

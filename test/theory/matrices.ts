/** Matrices by mulberry32, as known numbers of tests were computed with; documents draw by Threefry. */
import type { Dataset } from "../../src/data/dataset.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json, Run } from "../../src/document/types.ts";

/** Uniform numbers of a seed, by mulberry32. */
export function uniform(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers by Box and Muller, the cosines alone. */
export function normal(seed: number, count: number): Float64Array {
  const u = uniform(seed);
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - u()));
    return radius * Math.cos(2 * Math.PI * u());
  });
}

/** The places of the `count` smallest uniform numbers of a seed. */
export function smallest(seed: number, all: number, count: number): Uint32Array {
  const u = uniform(seed);
  const values = Float64Array.from({ length: all }, u);
  return Uint32Array.from(values.keys())
    .sort((i, j) => values[i] - values[j])
    .slice(0, count)
    .sort();
}

/** U V^T of [rows, rank] and [columns, rank]. */
export function outer(U: Float64Array, V: Float64Array, rank = 1): Float64Array {
  const [rows, columns] = [U.length / rank, V.length / rank];
  return Float64Array.from({ length: rows * columns }, (_, cell) => {
    const [i, j] = [Math.floor(cell / columns), cell % columns];
    let entry = 0;
    for (let k = 0; k < rank; k++) entry += U[i * rank + k] * V[j * rank + k];
    return entry;
  });
}

/** Entries of a matrix that are seen. */
export function completion(truth: Float64Array, rows: number, cells: Uint32Array): Dataset {
  const seen = new Set(cells);
  const testCells = Uint32Array.from(truth.keys()).filter((cell) => !seen.has(cell));
  return {
    samples: cells.length,
    inputs: truth.length,
    outputs: 1,
    X: new Float64Array(),
    y: Float64Array.from(cells, (cell) => truth[cell]),
    testSamples: testCells.length,
    testX: new Float64Array(),
    testY: Float64Array.from(testCells, (cell) => truth[cell]),
    betaStar: truth,
    matrix: { rows, columns: truth.length / rows, cells, testCells },
  };
}

/** 60 entries of a 10 x 10 matrix of rank 1: P10 of seeds 1, 2, 3, P10b of 7, 8, 9. */
export const tenByTen = (left = 1, right = 2, cells = 3): Dataset =>
  completion(outer(normal(left, 10), normal(right, 10)), 10, smallest(cells, 100, 60));

/** A run of a matrix model; its data stand for any of this size. */
export function matrixRun(document: Record<string, Json>): Run {
  const [run] = readExperiment(
    {
      name: "test",
      data: { kind: "matrix-completion", rows: 10, columns: 10, rank: 1, observed: 60 },
      record: { arrays: [] },
      ...document,
    },
    "test.json",
  ).runs;
  return run;
}

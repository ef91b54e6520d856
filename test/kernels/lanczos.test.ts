/**
 * Tridiagonal forms of kernels against float64: the first entry is the quotient of the labels, the largest eigenvalues
 * are the kernel's, and with as many steps as samples all of them, equal ones too.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect } from "vitest";
import { lanczos } from "../../src/kernels/lanczos.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { tridiagonalEigenvalues } from "../../src/theory/tridiagonal.ts";
import { type KernelBench, test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";

const DISPLACEMENT = 0.5;
const COLUMN = 1;

/** A Gram matrix of random vectors with `rank` entries, the later ones smaller. */
function gramOf(samples: number, rank: number, seed: number): Float32Array {
  const X = randomFloats(samples * rank, seed);
  return Float32Array.from({ length: samples * samples }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < rank; k++)
      sum += (X[Math.floor(at / samples) * rank + k] * X[(at % samples) * rank + k]) / (1 + k);
    return sum;
  });
}

/** Decomposes K0 + change / 4 of runs 1, 2 ... (run 0 is not among the slots). */
async function decompose(
  gpu: KernelBench,
  starts: Float32Array[],
  changes: Float32Array[],
  y: Float32Array,
  steps: number,
) {
  const samples = y.length;
  const record = 3 + 2 * steps;
  const placements = [0, ...starts].map(() => ({ data: 1, targets: 0, stream: 0 }));
  const joined = (parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => Array.from(part)));
  const { out } = await gpu.run(lanczos, {
    params: { samples, labels: samples, channels: 2, first: 1, steps, column: COLUMN, record },
    overrides: { LANES: 64 },
    shape: { slots: starts.length },
    bind: {
      run_tiles: packTiles([...placements.keys()], placements, 2, 2),
      change: joined(changes),
      start: joined(starts),
      start_of: Uint32Array.from(placements, (_, position) => Math.max(0, position - 1)),
      y: joined([y.map(() => NaN), y]),
      runs: Float32Array.from(placements.flatMap(() => [0, 0, 0, 0, 0, NaN, DISPLACEMENT])),
      basis: starts.length * (steps + 1) * samples,
      out: placements.length * record,
    },
  });
  return starts.map((start, slot) => {
    const own = out.slice((slot + 1) * record + COLUMN, (slot + 2) * record);
    const K = Float64Array.from(start, (value, i) => value + DISPLACEMENT ** 2 * changes[slot][i]);
    const at = (place: number, count: number) =>
      Float64Array.from({ length: count }, (_, step) => own[2 + 2 * step + place]);
    const found = tridiagonalEigenvalues({ diagonal: at(0, steps), beside: at(1, steps - 1) });
    const expected = new EigenvalueDecomposition(Matrix.from1DArray(samples, samples, K), {
      assumeSymmetric: true,
    }).realEigenvalues.reverse();
    let quotient = 0;
    let squares = 0;
    for (let i = 0; i < samples; i++)
      for (let j = 0; j < samples; j++) quotient += y[i] * K[i * samples + j] * y[j];
    for (const value of K) squares += value * value;
    return {
      unit: own[0],
      frobenius: own[0] * own[1],
      first: own[0] * own[2],
      found: found.map((value) => own[0] * value),
      expected: expected.map((value) => value),
      expectedFirst: quotient / y.reduce((sum, value) => sum + value * value, 0),
      expectedFrobenius: Math.sqrt(squares),
    };
  });
}

/** What float32 leaves of an eigenvalue: gamma(2 samples) of |K|. */
const allowed = (samples: number, frobenius: number) => (2 * samples + 8) * 2 ** -24 * frobenius;

for (const [samples, rank, steps] of [
  [1, 1, 1],
  [2, 3, 2],
  [5, 2, 5],
  [33, 40, 33],
  [64, 5, 48],
  [65, 30, 48],
  [131, 150, 48],
] as const)
  test(`${steps} steps on ${samples} samples of rank ${rank}: the three largest eigenvalues`, async ({
    gpu,
  }) => {
    const y = randomFloats(samples, 9, 1e-3);
    const results = await decompose(
      gpu,
      [gramOf(samples, rank, 1), gramOf(samples, rank, 2)],
      [gramOf(samples, rank, 3), new Float32Array(samples * samples)],
      y,
      steps,
    );
    for (const { frobenius, first, found, expected, expectedFirst, expectedFrobenius } of results) {
      const bound = allowed(samples, expectedFrobenius);
      expect(Math.abs(frobenius - expectedFrobenius)).toBeLessThan(bound);
      expect(Math.abs(first - expectedFirst)).toBeLessThan(bound);
      for (let k = 0; k < Math.min(3, samples); k++)
        expect(Math.abs(found[k] - expected[k]), `eigenvalue ${k + 1}`).toBeLessThan(bound);
    }
  });

test("as many steps as samples find equal eigenvalues, zero ones, and those that the labels do not touch", async ({
  gpu,
}) => {
  const samples = 7;
  const diagonal = (values: number[]) =>
    Float32Array.from({ length: samples * samples }, (_, at) =>
      at % (samples + 1) === 0 ? values[at / (samples + 1)] : 0,
    );
  const none = new Float32Array(samples * samples);
  const y = Float32Array.from({ length: samples }, (_, j) => (j < 2 ? 1 : 0));
  const results = await decompose(
    gpu,
    [
      [1, 1, 1, 1, 1, 1, 1],
      [1, 1, 2, 2, 0, 3, 0],
      [0, 0, 0, 0, 0, 0, 0],
    ].map(diagonal),
    [none, none, none],
    y,
    samples,
  );
  for (const { found, expected } of results.slice(0, 2))
    found.forEach((value, k) => expect(Math.abs(value - expected[k])).toBeLessThan(allowed(samples, 5)));
  expect(Array.from(results[2].found)).toEqual(new Array(samples).fill(0));
});

test("a kernel that is not finite has no eigenvalues", async ({ gpu }) => {
  const start = gramOf(5, 5, 1);
  for (const bad of [NaN, Infinity]) {
    start[7] = bad;
    const [result] = await decompose(gpu, [start], [new Float32Array(25)], randomFloats(5, 2), 5);
    const { found } = result;
    expect(found[0]).toBeNaN();
  }
});

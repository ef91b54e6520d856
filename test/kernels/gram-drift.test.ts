/**
 * Products of the kernel's change C and its start K0. The mirror in running error analysis bounds each column. Misalignment
 * 1 - cos(K, K0), K = K0 + C, is finished here from the columns as docs/mathematics.md says, and compared with
 * |K / |K| - K0 / |K0||^2 / 2 in float64, whose differences of 1e-8 and more are right to 1e-7.
 */
import { expect } from "vitest";
import { gramDrift } from "../../src/kernels/gram-drift.ts";
import { powerOfTwo } from "../../src/plan/recorder.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, errors, float32, single, values } from "./arithmetic.ts";
import { type KernelBench, test } from "./gpu.ts";
import { workgroupSum } from "./mirror.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const COLUMN = 1;
const RECORD = 10;

/** Columns of runs first, first + 1 ... whose changes fill the slots; runs share starts as `startOf` says. */
async function run(
  gpu: KernelBench,
  changes: Float32Array[],
  starts: Float32Array[],
  {
    startOf,
    first,
    channels,
    lanes = 128,
  }: { startOf: number[]; first: number; channels: number; lanes?: number },
): Promise<Float32Array> {
  const samples = Math.sqrt(starts[0].length);
  const joined = (parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => Array.from(part)));
  const placements = startOf.map(() => ({ data: 0, targets: 0, stream: 0 }));
  const { out } = await gpu.run(gramDrift, {
    overrides: { LANES: lanes },
    params: { samples, channels, first, column: COLUMN, record: RECORD },
    shape: { slots: changes.length },
    bind: {
      run_tiles: packTiles([...placements.keys()], placements, channels, channels),
      change: joined(changes),
      start: joined(starts),
      start_of: Uint32Array.from(startOf),
      out: startOf.length * RECORD,
    },
  });
  return out;
}

const largest = (numbers: Float32Array) => numbers.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** The shader's sums in its order. */
function products<T>(
  arithmetic: Arithmetic<T>,
  change: Float32Array,
  start: Float32Array,
  lanes: number,
): T[] {
  const { of, add, sub, mul, div } = arithmetic;
  const samples = Math.sqrt(change.length);
  const scaled = (numbers: Float32Array) => {
    const inverse = of(1 / powerOfTwo(largest(numbers)));
    return Array.from(numbers, (value) => mul(of(value), inverse));
  };
  const [C, K0] = [scaled(change), scaled(start)];
  const rowSum = (terms: T[], i: number): T => {
    const beside = terms.slice(i * samples, i * samples + i).reduce(add, of(0));
    return add(mul(of(2), beside), terms[i * samples + i]);
  };
  const sum = (terms: T[]) =>
    workgroupSum(
      arithmetic,
      lanes,
      Array.from({ length: samples }, (_, i) => rowSum(terms, i)),
    );
  const [CC, CK, KK] = [
    sum(C.map((value) => mul(value, value))),
    sum(C.map((value, i) => mul(value, K0[i]))),
    sum(K0.map((value) => mul(value, value))),
  ];
  const c = div(CK, KK);
  const turned = C.map((value, i) => sub(value, mul(c, K0[i]))).map((value) => mul(value, value));
  return [CC, CK, KK, sum(turned)];
}

/** Relative drift |C| / |K0| and misalignment, with |C_perp|^2 / (|K| (|K| + <K, K0> / |K0|)). */
function finished(columns: Float32Array) {
  const [p, q] = [powerOfTwo(columns[0]), powerOfTwo(columns[1])];
  const [change, start, across] = [
    p * Math.sqrt(columns[2]),
    q * Math.sqrt(columns[4]),
    p * Math.sqrt(columns[5]),
  ];
  const inner = p * q * columns[3];
  const K = Math.sqrt(start ** 2 + 2 * inner + change ** 2);
  return { drift: change / start, misalignment: across ** 2 / (K * (K + start + inner / start)) };
}

/** The same in float64 from the definition. */
function defined(change: Float32Array, start: Float32Array) {
  const K = Float64Array.from(start, (value, i) => value + change[i]);
  const norm = (numbers: ArrayLike<number>) =>
    Math.sqrt(Array.from(numbers, (x) => x * x).reduce((a, b) => a + b, 0));
  const [kernel, initial] = [norm(K), norm(start)];
  const apart = norm(K.map((value, i) => value / kernel - start[i] / initial));
  return { drift: norm(change) / initial, misalignment: apart ** 2 / 2 };
}

/** A kernel: a random Gram matrix. */
function kernelOf(samples: number, seed: number): Float32Array {
  const X = randomFloats(samples * 5, seed);
  return Float32Array.from({ length: samples * samples }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < 5; k++) sum += X[Math.floor(at / samples) * 5 + k] * X[(at % samples) * 5 + k];
    return sum;
  });
}

const mix = (size: number, along: Float32Array, across: Float32Array, share: number) =>
  along.map((value, i) => size * (value + share * across[i]));

for (const [samples, lanes] of [1, 3, 11, 12, 16, 17, 65].flatMap((size) =>
  [128, 4].map((lanes) => [size, lanes]),
))
  test(`products of changes of ${samples} x ${samples} kernels, added by ${lanes} lanes, are the mirror's and right, and misalignment to 1e-4`, async ({
    gpu,
  }) => {
    const starts = [kernelOf(samples, 1), kernelOf(samples, 2).map((value) => value * 2 ** 80)];
    const startOf = [1, 0, 1, 0, 0];
    const other = kernelOf(samples, 3);
    // A change across K0 of 1e-6 of it; one almost along it; one as large as K0, all of them of runs 1, 2 and 3.
    const changes = [
      mix(1e-6, starts[0], other, 1),
      mix(1e-6, starts[1], other, 1e-2 * 2 ** 80),
      mix(0.7, starts[0], other, -0.5),
    ];
    const first = 1;
    const out = await run(gpu, changes, starts, { startOf, first, channels: 1 + (samples % 2), lanes });
    const written: number[] = [];
    changes.forEach((change, slot) => {
      const position = first + slot;
      const start = starts[startOf[position]];
      const at = position * RECORD + COLUMN;
      const columns = out.slice(at, at + 8);
      for (let column = 0; column < 8; column++) written.push(at + column);
      expect(Array.from(columns.slice(0, 2))).toEqual([largest(change), largest(start)]);
      expect(Array.from(columns.slice(6))).toEqual([Math.min(...change), Math.max(...change)]);
      const bounds = products(single, change, start, lanes);
      expect(columns.slice(2, 6)).toBeWithin(errors(bounds), values(bounds));
      if (gpu.isExact) expect(columns.slice(2, 6)).toBeExactly(products(float32, change, start, lanes));
      const [got, exact] = [finished(columns), defined(change, start)];
      expect(Math.abs(got.drift - exact.drift)).toBeLessThanOrEqual(1e-4 * exact.drift);
      // A 1 x 1 kernel cannot turn: c is off by 7 u (product, division), what is left of C by 2 u more of it, and |K| is
      // at least half of |K0|.
      const [turn, allowed] =
        samples === 1
          ? [0, (9 * 2 ** -24 * got.drift) ** 2 * 4]
          : [exact.misalignment, 1e-4 * exact.misalignment];
      expect(Math.abs(got.misalignment - turn)).toBeLessThanOrEqual(allowed);
    });
    out.forEach((value, place) => {
      if (!written.includes(place)) expect(value).toBe(NaN);
    });
  });

test("a change exactly along K0 turns it by rounding alone", async ({ gpu }) => {
  const start = kernelOf(17, 4);
  const change = start.map((value) => value * 2 ** -20);
  const out = await run(gpu, [change], [start], { startOf: [0], first: 0, channels: 1 });
  const { drift, misalignment } = finished(out.slice(COLUMN, COLUMN + 6));
  expect(Math.abs(drift - 2 ** -20)).toBeLessThanOrEqual(1e-6 * 2 ** -20);
  // c is off by gamma(24) of 1 at most (a row of 16, its double and its end, one row a lane, 7 levels that add nothing but
  // two, product, division), so each entry by as much of the change, and misalignment by half its square.
  expect(misalignment).toBeLessThanOrEqual(0.5 * (2 * 2 ** -24 * 24 * 2 ** -20) ** 2);
});

test("drift is homogeneous bit for bit, and a change that is not finite says so", async ({ gpu }) => {
  const start = kernelOf(17, 5);
  const change = mix(1e-3, start, kernelOf(17, 6), 1);
  const options = { startOf: [0], first: 0, channels: 1 };
  const plain = await run(gpu, [change], [start], options);
  const scaled = await run(
    gpu,
    [change.map((value) => value * 2 ** -70)],
    [start.map((value) => value * 8)],
    options,
  );
  expect(scaled).toBeExactly(
    plain.map((value, column) =>
      [COLUMN, COLUMN + 6, COLUMN + 7].includes(column)
        ? value * 2 ** -70
        : column === COLUMN + 1
          ? value * 8
          : value,
    ),
  );
  for (const bad of [NaN, Infinity]) {
    change[288] = bad;
    expect((await run(gpu, [change], [start], options))[COLUMN]).toBe(bad);
  }
});

/**
 * Largest |v|, sum |v| / p and sum (v / p)^2, p the power of two at or below the largest: scaling by p is exact. Each of
 * L lanes adds ceil(length / L) terms to 0, then a tree adds log2 L times: with the square's rounding,
 * |error| <= gamma(ceil(length / L) + log2 L) of the sum, whose terms have one sign. A scaled entry below 2^-63 may lose its
 * square, below 2^-126 itself: at most 2^-126 each.
 */
import { expect } from "vitest";
import { norms } from "../../src/kernels/norms.ts";
import type { Member } from "../../src/plan/cohort.ts";
import { powerOfTwo, rawRecord } from "../../src/plan/recorder.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { float32 } from "./arithmetic.ts";
import { type KernelBench, test } from "./gpu.ts";
import { workgroupSum } from "./mirror.ts";
import { gamma, randomFloats } from "./numbers.ts";
import "./within.ts";

interface Layout {
  length: number;
  /** Vectors of a run, of which `fields` from `first` are measured. */
  vectors: number;
  first: number;
  fields: number;
  runs: number;
  channels: number;
}

const COLUMN = 2;
const record = (fields: number) => COLUMN + 3 * fields + 1;

async function run(
  gpu: KernelBench,
  { length, vectors, first, fields, runs, channels }: Layout,
  v: Float32Array,
  LANES = 64,
) {
  const placements = Array.from({ length: runs }, () => ({ data: 0, targets: 0, stream: 0 }));
  const { out } = await gpu.run(norms, {
    overrides: { LANES },
    params: {
      length,
      stride: vectors * length,
      offset: first * length,
      column: COLUMN,
      record: record(fields),
      channels,
    },
    shape: { fields, run_tiles: runs },
    bind: {
      run_tiles: packTiles([...placements.keys()], placements, channels, channels),
      v,
      out: runs * record(fields),
    },
  });
  return out;
}

/** One vector's columns as the software adapter makes them. */
function mirror(v: Float32Array, lanes: number): number[] {
  const { mul, of } = float32;
  const largest = v.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scaled = Array.from(v, (value) => mul(of(Math.abs(value)), of(1 / powerOfTwo(largest))));
  return [
    largest,
    workgroupSum(float32, lanes, scaled),
    workgroupSum(
      float32,
      lanes,
      scaled.map((value) => mul(value, value)),
    ),
  ];
}

/** Numbers of mixed size, the largest near `scale`, none so small that float32 has it at less than full precision. */
const mixed = (count: number, seed: number, scale: number) => {
  const exponents = randomFloats(count, seed + 1);
  return randomFloats(count, seed).map((value, i) => {
    const size = Math.abs(value) * scale * 2 ** Math.round(-6 - 6 * exponents[i]);
    return Math.sign(value) * Math.max(size, 2 ** -126);
  });
};

const layouts: Layout[] = [
  { length: 1, vectors: 1, first: 0, fields: 1, runs: 1, channels: 1 },
  { length: 3, vectors: 3, first: 1, fields: 2, runs: 5, channels: 2 },
  { length: 63, vectors: 2, first: 1, fields: 1, runs: 9, channels: 1 },
  { length: 64, vectors: 4, first: 0, fields: 4, runs: 3, channels: 2 },
  { length: 65, vectors: 1, first: 0, fields: 1, runs: 65, channels: 1 },
  { length: 257, vectors: 3, first: 2, fields: 1, runs: 3, channels: 1 },
];

for (const layout of layouts)
  for (const scale of [1e-37, 1, 1e37])
    test(`norms are the mirror's, and within their bound of float64, near ${scale}: ${JSON.stringify(layout).replaceAll('"', "")}`, async ({
      gpu,
    }) => {
      const { length, vectors, first, fields, runs } = layout;
      const v = mixed(runs * vectors * length, 1, scale);
      const untouched: number[] = [];
      for (const lanes of [64, 4]) {
        const out = await run(gpu, layout, v, lanes);
        for (let position = 0; position < runs; position++) {
          const raw = out.slice(position * record(fields), (position + 1) * record(fields));
          untouched.push(...raw.slice(0, COLUMN), ...raw.slice(COLUMN + 3 * fields));
          for (let field = 0; field < fields; field++) {
            const at = (position * vectors + first + field) * length;
            const own = v.slice(at, at + length);
            const columns = raw.slice(COLUMN + 3 * field, COLUMN + 3 * field + 3);
            if (gpu.isExact) expect(columns).toBeExactly(mirror(own, lanes));
            let [largest, sum, squares] = [0, 0, 0];
            for (const value of own) {
              largest = Math.max(largest, Math.abs(value));
              sum += Math.abs(value);
              squares += value * value;
            }
            expect(columns[0]).toBe(largest);
            const norm = rawRecord(out, record(fields), position, {} as Member).norm(COLUMN + 3 * field);
            const error = gamma(Math.ceil(length / lanes) + Math.log2(lanes));
            const lost = length * 2 ** -126 * powerOfTwo(largest);
            expect([norm.l1], "l1").toBeWithin([error * sum + lost], [sum]);
            // sqrt halves a relative error; 2^-20 of it for its second order.
            const root = Math.sqrt(squares);
            expect([norm.l2], "l2").toBeWithin([(error / 2) * (1 + 2 ** -20) * root + lost], [root]);
          }
        }
      }
      expect(untouched).toEqual(untouched.map(() => NaN));
    });

test("norms are homogeneous bit for bit: a power of two changes the largest entry alone", async ({ gpu }) => {
  const layout: Layout = { length: 257, vectors: 1, first: 0, fields: 1, runs: 3, channels: 1 };
  const v = randomFloats(3 * 257, 2).map((value) => Math.sign(value) * Math.max(Math.abs(value), 1e-3));
  const columns = (out: Float32Array) =>
    [0, 1, 2].map((position) => Array.from(out.slice(position * 6 + COLUMN, position * 6 + COLUMN + 3)));
  const plain = columns(await run(gpu, layout, v));
  for (const exponent of [-115, -60, 60, 124]) {
    const scaled = columns(
      await run(
        gpu,
        layout,
        v.map((value) => value * 2 ** exponent),
      ),
    );
    expect(scaled).toEqual(plain.map(([largest, sum, squares]) => [largest * 2 ** exponent, sum, squares]));
  }
});

test("the norms of zeros are zero, and those of the largest floats are finite", async ({ gpu }) => {
  const layout: Layout = { length: 65, vectors: 1, first: 0, fields: 1, runs: 2, channels: 1 };
  const top = 3.4028234663852886e38;
  const v = Float32Array.from({ length: 130 }, (_, i) => (i < 65 ? 0 : i % 2 ? top : -top));
  const out = await run(gpu, layout, v);
  const norm = (position: number) => rawRecord(out, 6, position, {} as Member).norm(COLUMN);
  expect(norm(0)).toEqual({ max: 0, l1: 0, l2: 0 });
  expect(norm(1).max).toBe(top);
  expect([norm(1).l1, norm(1).l2]).toBeWithin(gamma(8) * 65 * top, [65 * top, Math.sqrt(65) * top]);
});

test("a vector with NaN or infinity has norms that are not finite, and its neighbours keep theirs", async ({
  gpu,
}) => {
  const layout: Layout = { length: 65, vectors: 1, first: 0, fields: 1, runs: 5, channels: 1 };
  const v = randomFloats(5 * 65, 3);
  const plain = await run(gpu, layout, v);
  v[65] = NaN;
  v[2 * 65 + 64] = Infinity;
  v[3 * 65 + 30] = -Infinity;
  const out = await run(gpu, layout, v);
  for (let position = 0; position < 5; position++) {
    const norm = rawRecord(out, 6, position, {} as Member).norm(COLUMN);
    if (position === 0 || position === 4)
      expect(out.slice(position * 6, position * 6 + 6)).toBeExactly(
        plain.slice(position * 6, position * 6 + 6),
      );
    else
      for (const value of [norm.max, norm.l1, norm.l2]) expect(value).toBe(position === 1 ? NaN : Infinity);
  }
});

/** Kernels between test and training inputs: each formula in its order, bit for bit, whatever the tile's size. */
import { expect, inject } from "vitest";
import { variantName } from "../../src/wgsl/choice.ts";
import { crossGramsOf } from "../../src/kernels/gram-cross.ts";
import { crossKernelsOf, reluActivations } from "../../src/kernels/relu-cross.ts";
import { convCrossOf } from "../../src/layers/conv/tangents.ts";
import { layerParams } from "../../src/layers/params.ts";
import { layerKernelsOf } from "../../src/kernels/relu-tangents.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, type Bounded, errors, float32, single, values } from "./arithmetic.ts";
import { type KernelBench, test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const [RUNS, COPIES, CHANNELS, INPUTS] = [2, 2, 3, 3];
const [A, UNIT, DISPLACEMENT] = [1.75, 0.7, 0.5];
const CUT = { tiled: true, lanes: 4, software: true, quads: true, fours: false, vector: 4 };
/** What a kernel of a layer is told, and does not ask for. */
const UNUSED = Object.fromEntries(Object.keys(layerParams).map((name) => [name, 0]));
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/**
 * The plain way, and of the others every third, another one at each place of a table: each meets each size, each layer and
 * both ends of a training. With CASES=all every one, which takes minutes to compile.
 */
const among = <Way>(ways: readonly Way[], ...places: (number | boolean)[]): Way[] => {
  const first = places.reduce<number>((sum, place) => sum + Number(place), 0);
  return ways.filter((_, way) => inject("isThorough") || way === 0 || (way + first) % 3 === 0);
};

const placements = [0, 1].map((data) => ({ data, targets: data, stream: 0 }));
const run_tiles = packTiles([0, 1], placements, CHANNELS, CHANNELS);
const runs = Float32Array.from([0, 1].flatMap(() => [0, A, 0, 0, -1, UNIT, DISPLACEMENT]));

function agrees(gpu: KernelBench, actual: Float32Array, expected: <T>(arithmetic: Arithmetic<T>) => T[]) {
  const bounds = expected<Bounded>(single);
  expect(actual).toBeWithin(errors(bounds), values(bounds));
  if (gpu.isExact) expect(actual).toBeExactly(expected(float32));
}

function dot<T>({ of, add, mul }: Arithmetic<T>, pairs: readonly (readonly [T, T])[]): T {
  return pairs.reduce((sum, [one, other]) => add(sum, mul(one, other)), of(0));
}

const sizes = [
  [1, 1],
  [5, 3],
  [3, 65],
  [67, 33],
] as const;

for (const [size, [T, N]] of sizes.entries()) {
  const title = `${T} test samples, ${N} samples`;
  const X = randomFloats(2 * INPUTS * N, 1);
  const test_X = randomFloats(2 * INPUTS * T, 2);
  const entries = range(RUNS).flatMap((run) => range(T).flatMap((i) => range(N).map((j) => ({ run, i, j }))));

  for (const { kernel, overrides } of among(crossGramsOf(T, N, CUT).variants, size))
    test(`${variantName({ kernel, overrides })}: ${title}`, async ({ gpu }) => {
      const [start, change] = [randomFloats(RUNS * INPUTS, 3), randomFloats(RUNS * INPUTS, 4)];
      const { K } = await gpu.run(kernel, {
        params: { samples: N, test_samples: T, inputs: INPUTS, channels: CHANNELS },
        overrides,
        shape: { samples: N, testSamples: T, run_tiles: RUNS },
        bind: { run_tiles, X, test_X, start, change, runs, K: RUNS * T * N },
      });
      agrees(gpu, K, (arithmetic) => {
        const { of, add, mul } = arithmetic;
        const k2 = mul(of(DISPLACEMENT), of(DISPLACEMENT));
        return entries.map(({ run, i, j }) => {
          const pairs = range(INPUTS).map((k) => {
            const at = run * INPUTS + k;
            const w = add(of(start[at]), mul(k2, of(change[at])));
            return [mul(w, of(X[at * N + j])), of(test_X[at * T + i])] as const;
          });
          return mul(dot(arithmetic, pairs), of(UNIT));
        });
      });
    });

  // INPUTS -> 4 -> 2 -> 1
  const [below, above] = [4, 2];
  const units = below + above + 1;
  const layers = [
    { fan_in: INPUTS, fan_out: below, below: 0, above: 0 },
    { fan_in: below, fan_out: above, below: 0, above: below },
    { fan_in: above, fan_out: 1, below, above: below + above },
  ];
  const [H, test_H, signals, test_signals] = [N, T, N, T].map((count, seed) =>
    randomFloats(RUNS * COPIES * units * count, 5 + seed),
  );
  for (const place of [0, 1, 2])
    test(`relu_cross_kernel, layer ${place + 1}: ${title}`, async ({ gpu }) => {
      const layer = layers[place];
      const [FIRST, TOP] = [place === 0, place === 2];
      const K = randomFloats(RUNS * T * N, 9);
      const { variants } = crossKernelsOf(T, N, CUT);
      expect(variants.length).toBe(T > 1 ? 6 : 4);
      for (const { kernel, overrides } of among(variants, size, place)) {
        const results = await gpu.run(kernel, {
          params: {
            ...UNUSED,
            samples: N,
            test_samples: T,
            inputs: INPUTS,
            channels: CHANNELS,
            copies: COPIES,
            units,
            outputs: 1,
            ...layer,
          },
          overrides: { ...overrides, FIRST, TOP, ADDS: !FIRST },
          shape: { samples: N, testSamples: T, run_tiles: RUNS },
          bind: {
            run_tiles,
            incoming: FIRST ? X : H,
            test_incoming: FIRST ? test_X : test_H,
            signals,
            test_signals,
            runs,
            K,
          },
        });
        agrees(gpu, results.K, (arithmetic) => {
          const { of, add, mul } = arithmetic;
          return entries.map(({ run, i, j }, entry) => {
            const rowsOf = (copy: number, [test, training]: Float32Array[], first: number, count: number) =>
              range(count).map((unit) => {
                const row = (run * COPIES + copy) * units + first + unit;
                return [of(test[row * T + i]), of(training[row * N + j])] as const;
              });
            const inputs = range(INPUTS).map((k) => {
              const row = run * INPUTS + k;
              return [of(test_X[row * T + i]), of(X[row * N + j])] as const;
            });
            let total = of(0);
            for (const copy of range(COPIES)) {
              const into = dot(
                arithmetic,
                FIRST ? inputs : rowsOf(copy, [test_H, H], layer.below, layer.fan_in),
              );
              const back = TOP
                ? of(1)
                : dot(arithmetic, rowsOf(copy, [test_signals, signals], layer.above, layer.fan_out));
              total = add(total, mul(into, back));
            }
            const scaled = mul(total, of(UNIT));
            return FIRST ? scaled : add(scaled, of(K[entry]));
          });
        });
      }
    });

  // Gradients by `weights` weights, of so many outputs.
  for (const [weights, outputs] of [
    [1, 1],
    [5, 3],
  ])
    test(`conv_cross, ${weights} weights of ${outputs} outputs: ${title}`, async ({ gpu }) => {
      const rows = COPIES * weights * outputs;
      const tangents = randomFloats(2 * RUNS * rows * N, 10);
      const test_tangents = randomFloats(2 * RUNS * rows * T, 11);
      const K = randomFloats(RUNS * T * N, 12);
      const ADDS = weights > 1;
      for (const { kernel, overrides } of among(convCrossOf(T, N, CUT).variants, size, ADDS)) {
        const results = await gpu.run(kernel, {
          params: {
            ...UNUSED,
            samples: N,
            test_samples: T,
            channels: CHANNELS,
            copies: COPIES,
            outputs,
            weight_count: weights,
          },
          overrides: { ...overrides, ADDS },
          shape: { samples: N, testSamples: T, run_tiles: RUNS },
          bind: { run_tiles, tangents, test_tangents, runs, K },
        });
        agrees(gpu, results.K, (arithmetic) => {
          const { of, add, mul } = arithmetic;
          return entries.map(({ run, i, j }, entry) => {
            const pairs = range(rows).map((k) => {
              const row = run * rows + k;
              return [of(test_tangents[2 * (row * T + i)]), of(tangents[2 * (row * N + j)])] as const;
            });
            const scaled = mul(dot(arithmetic, pairs), of(UNIT));
            return ADDS ? add(scaled, of(K[entry])) : scaled;
          });
        });
      }
    });

  for (const LINEAR of [false, true])
    test(`relu_activations${LINEAR ? ", linear" : ""}: ${N} samples`, async ({ gpu }) => {
      const base = randomFloats(RUNS * units * N, 8);
      const z = randomFloats(RUNS * COPIES * units * N, 9);
      const results = await gpu.run(reluActivations, {
        params: { ...UNUSED, samples: N, channels: CHANNELS, copies: COPIES, units },
        overrides: { LINEAR },
        shape: { samples: N, units: units - 2, networks: RUNS * COPIES },
        bind: { run_tiles, base, z, H: RUNS * COPIES * units * N },
      });
      agrees(gpu, results.H, ({ of, add }) =>
        range(RUNS * COPIES * units * N).map((place) => {
          const before = base[Math.floor(place / (COPIES * units * N)) * units * N + (place % (units * N))];
          const isActive = LINEAR || Math.fround(before + z[place]) > 0;
          return isActive ? add(of(before), of(z[place])) : of(0);
        }),
      );
    });
}

// Fours of samples that begin anywhere; at multiples of four, the last tile overhanging; the same, whole tiles: all cut alike, by
// ways that each size has, so that a kernel is compiled once for the three. Each way meets two layers here, all with
// CASES=all; test/kernels/relu-measures.test.ts has every layer.
for (const N of [47, 44, 48])
  for (const [row, part] of [{ FIRST: true }, { TOP: true }, {}].entries())
    test.for([true, false])(
      `training kernels are the same bits whatever the tile's size: ${N} samples, ${Object.keys(part)}, at the start: %s`,
      async (start, { gpu }) => {
        const [units, fan] = [9, 4];
        const FIRST = "FIRST" in part;
        const layer = { fan_in: FIRST ? INPUTS : fan, fan_out: fan, below: 0, above: FIRST ? 0 : fan };
        const random = (count: number, seed: number) => randomFloats(count, seed);
        const bind = {
          run_tiles,
          X: random(2 * INPUTS * N, 1),
          base: random(RUNS * units * N, 2),
          z: random(RUNS * COPIES * units * N, 3),
          signals: random(RUNS * units * N, 4),
          changes: random(RUNS * COPIES * units * N, 5),
          runs,
          K: random(RUNS * N * N, 6),
        };
        const { variants } = layerKernelsOf(start, N, N, CUT);
        const [plain, ...others] = await Promise.all(
          among(variants, row, start).map(async ({ kernel, overrides }) => {
            const { K } = await gpu.run(kernel, {
              params: {
                ...UNUSED,
                samples: N,
                inputs: INPUTS,
                channels: CHANNELS,
                copies: COPIES,
                units,
                outputs: 1,
                first: 0,
                ...layer,
              },
              overrides: { FIRST: false, TOP: false, ...overrides, ...part },
              shape: { samples: N, slots: RUNS, ...layer },
              bind,
            });
            return K;
          }),
        );
        expect(variants.length).toBe(6);
        expect(others.length).toBe(inject("isThorough") ? 5 : (row + Number(start)) % 3 === 0 ? 1 : 2);
        for (const K of others) expect(K).toBeExactly(plain);
      },
    );

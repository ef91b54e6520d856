/**
 * ReLU layers against their formulas: plain, in tiles and in quads, in float32 bit for bit on the software adapter, and
 * within a running error bound everywhere.
 */
import { expect, inject } from "vitest";
import { dense } from "../../src/layers/dense/dense.ts";
import { unusedParams } from "../../src/layers/params.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, type Bounded, errors, float32, single, values } from "./arithmetic.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

/** The middle layer of networks `below` -> `above`, two runs, after one other hidden layer; or the first layer. */
function problem(size: number, below: number, above: number, copies = 2, start = 1) {
  const [runs, channels, samples, inputs] = [2, 3, size + (start === 1 ? 3 : start), below];
  // At w(0) rows hold all samples.
  const capacity = copies === 1 ? samples : size;
  const units = below + above + 1;
  const parameters = below * above + 5;
  const stride = copies * parameters + 2;
  const sizes = {
    ...unusedParams,
    samples,
    inputs,
    channels,
    capacity,
    streams: 1,
    copies,
    units,
    outputs: 1,
    stride,
    parameters,
  };
  const layer = { offset: 4, fan_in: below, fan_out: above, below: 0, above: below };
  return {
    sizes,
    layer,
    runs,
    networks: runs * copies,
    order: Uint32Array.from({ length: samples }, (_, j) => (j * 2 + 1) % samples),
    run_tiles: packTiles(
      [0, 1],
      [0, 1].map(() => ({ data: 0, targets: 0, stream: 0 })),
      channels,
      channels,
    ),
    step: { index: 0, start, size, order: 0, scale: 1 },
    X: randomFloats(inputs * samples, 7),
    base: randomFloats(runs * units * samples, 1),
    z: randomFloats(runs * copies * units * capacity, 2),
    state: randomFloats(runs * stride, 3),
    weights: randomFloats(runs * copies * parameters, 4),
    delta: randomFloats(runs * copies * units * capacity, 5),
    signal: randomFloats(runs * (channels * capacity + stride), 6),
  };
}

const shapes = [
  [1, 1, 1],
  [3, 5, 9],
  [65, 8, 4],
  [67, 3, 13],
] as const;
const variants = [
  ["plain", { LANES: 64, ROWS: 1 }],
  ["plain", { LANES: 4, ROWS: 8 }],
  ["tiled", { LANES: 4, COLUMNS: 10, ROWS: 12 }],
  ["tiled", { LANES: 4, COLUMNS: 3, ROWS: 1 }],
  ["tiled", { LANES: 32, COLUMNS: 8, ROWS: 4 }],
  ["quads", { LANES: 4, COLUMNS: 4, ROWS: 16, TERMS: 1 }],
  ["quads", { LANES: 4, COLUMNS: 3, ROWS: 8, TERMS: 2 }],
  ["quads", { LANES: 32, COLUMNS: 1, ROWS: 4, TERMS: 3 }],
] as const;
/** Columns for which only a forward pass has room. */
const wide = ["quads", { LANES: 4, COLUMNS: 5, ROWS: 16, TERMS: 1 }] as const;

/** Samples in fours, which come in order. */
const fours = [
  ["fours", { LANES: 8, COLUMNS: 8, ROWS: 16, TERMS: 1 }],
  ["fours", { LANES: 4, COLUMNS: 4, ROWS: 8, TERMS: 1 }],
] as const;

/**
 * Modes of a layer that are tried in one of the ways above: every second one, so that each skeleton is tried in each; with
 * CASES=all every one. To compile them takes most of the time.
 */
const among = <Mode>(way: number, ...modes: Mode[]): Mode[] =>
  modes.filter((_, place) => inject("isThorough") || (way + place) % 2 === 0);

for (const [samples, below, above] of shapes)
  for (const [way, [entry, tile]] of [...variants, wide, ...fours].entries()) {
    const inFours = entry === "fours";
    const size = inFours ? 4 * Math.ceil(samples / 4) : samples;
    const start = inFours ? 4 : 1;
    const title = `${entry} ${JSON.stringify(tile)}: ${size} samples, ${below} units to ${above}`;
    // 2 j + 1 modulo an even number is no permutation; samples are what the order says all the same.
    const sampleOf = ({ order }: ReturnType<typeof problem>, j: number) =>
      inFours ? start + j : order[start + j];

    test(`dense_forward, ${title}`, async ({ gpu }) => {
      for (const FIRST of [false, ...among(way, true)]) {
        const p = problem(size, below, above, 2, start);
        const { sizes, layer } = p;
        const { z } = await gpu.run((FIRST ? dense.values : dense.forward)[entry]!, {
          params: { ...sizes, ...layer },
          overrides: { ...tile, SHUFFLED: !inFours, ...(FIRST ? { FIRST } : {}) },
          shape: { ...layer, size, networks: p.networks },
          step: p.step,
          bind: {
            run_tiles: p.run_tiles,
            order: p.order,
            X: p.X,
            base: p.base,
            state: p.state,
            weights: p.weights,
            z: p.z,
          },
        });
        const expected = <T>({ of, add, mul }: Arithmetic<T>): T[] => {
          const all: T[] = [];
          for (let network = 0; network < p.networks; network++)
            for (let unit = 0; unit < above; unit++)
              for (let j = 0; j < size; j++) {
                const run = network >> 1;
                let sum = of(0);
                let alive = FIRST;
                for (let i = 0; i < below; i++) {
                  const weight = 4 + unit * below + i;
                  const D = p.state[run * sizes.stride + (network & 1) * sizes.parameters + weight];
                  if (FIRST) {
                    sum = add(sum, mul(of(D), of(p.X[i * sizes.samples + sampleOf(p, j)])));
                    continue;
                  }
                  const start = p.base[(run * sizes.units + i) * sizes.samples + sampleOf(p, j)];
                  const change = p.z[(network * sizes.units + i) * size + j];
                  const end = Math.fround(start + change);
                  alive ||= end > 0;
                  const moved =
                    start > 0 && end > 0 ? change : Math.fround(Math.max(end, 0) - Math.max(start, 0));
                  sum = add(sum, mul(of(D), of(Math.max(start, 0))));
                  sum = add(sum, mul(of(p.weights[network * sizes.parameters + weight]), of(moved)));
                }
                const own = p.base[(run * sizes.units + below + unit) * sizes.samples + sampleOf(p, j)];
                all.push(alive ? sum : of(-own));
              }
          return all;
        };
        const actual = Float32Array.from({ length: p.networks * above * size }, (_, entry) => {
          const [network, rest] = [Math.floor(entry / (above * size)), entry % (above * size)];
          return z[(network * sizes.units + below) * size + rest];
        });
        const bounds = expected<Bounded>(single);
        expect(actual).toBeWithin(errors(bounds), values(bounds));
        if (gpu.isExact) expect(actual).toBeExactly(expected(float32));
      }
    });

    if (tile === wide[1]) continue;

    test(`dense_backward, ${title}`, async ({ gpu }) => {
      for (const TOP of among(way, false, true)) {
        const p = problem(size, below, TOP ? 1 : above, 2, start);
        const { sizes, layer } = p;
        const { delta } = await gpu.run(dense.backward[entry]!, {
          params: { ...sizes, slope: 1, ...layer },
          overrides: { ...tile, SHUFFLED: !inFours, TOP },
          shape: { ...layer, size, networks: p.networks },
          step: p.step,
          bind: {
            run_tiles: p.run_tiles,
            order: p.order,
            base: p.base,
            z: p.z,
            weights: p.weights,
            signal: p.signal,
            delta: p.delta,
          },
        });
        const expected = <T>({ of, add, mul }: Arithmetic<T>): T[] => {
          const all: T[] = [];
          for (let network = 0; network < p.networks; network++)
            for (let unit = 0; unit < below; unit++)
              for (let j = 0; j < size; j++) {
                const run = network >> 1;
                let sum = of(0);
                for (let k = 0; k < layer.fan_out; k++) {
                  const slope = (1 - 2 * (network & 1)) * p.signal[(run * sizes.channels + 1) * size + j];
                  const above = p.delta[(network * sizes.units + below + k) * size + j];
                  const weight = p.weights[network * sizes.parameters + 4 + k * below + unit];
                  sum = add(sum, mul(of(weight), of(TOP ? slope : above)));
                }
                const start = p.base[(run * sizes.units + unit) * sizes.samples + sampleOf(p, j)];
                const end = Math.fround(start + p.z[(network * sizes.units + unit) * size + j]);
                all.push(end > 0 ? sum : of(0));
              }
          return all;
        };
        const actual = Float32Array.from({ length: p.networks * below * size }, (_, entry) => {
          const [network, rest] = [Math.floor(entry / (below * size)), entry % (below * size)];
          return delta[network * sizes.units * size + rest];
        });
        const bounds = expected<Bounded>(single);
        expect(actual).toBeWithin(errors(bounds), values(bounds));
        if (gpu.isExact) expect(actual).toBeExactly(expected(float32));
      }
    });

    if (entry === "fours") continue;

    test(`dense_gradient, ${title}`, async ({ gpu }) => {
      for (const mode of ["MIDDLE", ...among(way, "FIRST", "TOP", "START")]) {
        const [FIRST, TOP, START] = ["FIRST", "TOP", "START"].map((name) => mode === name);
        const p = problem(size, below, TOP ? 1 : above, START ? 1 : 2);
        const { sizes, layer } = p;
        const { capacity, copies, samples, units } = sizes;
        const { gradients } = await gpu.run(dense.gradient[entry], {
          params: { ...sizes, slope: 1, ...layer },
          overrides: { ...tile, SHUFFLED: !START, FIRST, TOP, ...(START ? { START } : {}) },
          shape: { ...layer, size, networks: p.networks },
          step: START ? { ...p.step, start: 0 } : p.step,
          bind: {
            run_tiles: p.run_tiles,
            order: p.order,
            X: p.X,
            base: p.base,
            z: p.z,
            delta: p.delta,
            signal: p.signal,
            gradients: p.networks * sizes.parameters,
          },
        });
        /** What a network's unit above sends back at place j. */
        const sent = <T>({ of, mul }: Arithmetic<T>, network: number, unit: number, j: number): T => {
          const run = Math.floor(network / copies);
          if (TOP) return of((1 - 2 * (network % 2)) * p.signal[(run * sizes.channels + 1) * capacity + j]);
          const B = of(p.delta[(network * units + below + unit) * capacity + j]);
          if (!START) return B;
          return mul(B, of(p.signal[run * sizes.stride + 1 + j]));
        };
        const activation = (network: number, i: number, j: number): number => {
          const sample = START ? j : sampleOf(p, j);
          if (FIRST) return p.X[i * samples + sample];
          const start = p.base[(Math.floor(network / copies) * units + i) * samples + sample];
          return Math.max(0, START ? start : Math.fround(start + p.z[(network * units + i) * capacity + j]));
        };
        const lanes = entry === "tiled" ? tile.LANES : 1;
        const expected = <T>(arithmetic: Arithmetic<T>): T[] => {
          const { of, add, mul } = arithmetic;
          const all: T[] = [];
          for (let network = 0; network < p.networks; network++)
            for (let unit = 0; unit < layer.fan_out; unit++)
              for (let i = 0; i < below; i++) {
                let sum = of(0);
                for (let lane = 0; lane < lanes; lane++) {
                  let part = of(0);
                  for (let j = lane; j < (START ? samples : size); j += lanes)
                    part = add(part, mul(sent(arithmetic, network, unit, j), of(activation(network, i, j))));
                  sum = lanes === 1 ? part : add(sum, part);
                }
                all.push(sum);
              }
          return all;
        };
        const weights = layer.fan_out * below;
        const actual = Float32Array.from({ length: p.networks * weights }, (_, entry) => {
          const [network, rest] = [Math.floor(entry / weights), entry % weights];
          return gradients[network * sizes.parameters + 4 + rest];
        });
        const bounds = expected<Bounded>(single);
        expect(actual).toBeWithin(errors(bounds), values(bounds));
        if (gpu.isExact) expect(actual).toBeExactly(expected(float32));
      }
    });
  }

/** By its bits. Both signs of NaN: which one an operation leaves depends on the processor, and integers tell them apart. */
const poisons = { NaN: 0x7fc00000, "-NaN": 0xffc00000, infinity: 0x7f800000 };

for (const [entry, tile] of [...variants, wide])
  for (const [name, poison] of Object.entries(poisons))
    test(`${entry} ${JSON.stringify(tile)}: a ReLU hides no ${name} of one sample, forwards or in gradients`, async ({
      gpu,
    }) => {
      const p = problem(6, 5, 4);
      const { sizes, layer, networks } = p;
      // Every unit below of one sample, so that the gate of `alive` would close if NaN were taken for nothing.
      const words = new Uint32Array(p.z.buffer);
      for (let network = 0; network < networks; network++)
        for (let unit = 0; unit < layer.fan_in; unit++)
          words[(network * sizes.units + unit) * sizes.capacity + 2] = poison;
      const call = {
        params: { ...sizes, ...layer, slope: 1 },
        shape: { ...layer, size: 6, networks },
        step: p.step,
      };
      const data = { run_tiles: p.run_tiles, order: p.order, X: p.X, base: p.base };
      const { z } = await gpu.run(dense.forward[entry], {
        ...call,
        overrides: { ...tile, SHUFFLED: true },
        bind: { ...data, state: p.state, weights: p.weights, z: p.z },
      });
      const [own, parameters] = [networks * layer.fan_out, networks * sizes.parameters];
      const above = Array.from({ length: own }, (_, row) => {
        const first =
          (Math.floor(row / layer.fan_out) * sizes.units + layer.above + (row % layer.fan_out)) * 6;
        return Array.from(z.subarray(first, first + 6), Number.isFinite);
      });
      expect(above).toEqual(above.map(() => [true, true, false, true, true, true]));
      if (tile === wide[1]) return;
      const { gradients } = await gpu.run(dense.gradient[entry], {
        ...call,
        overrides: { ...tile, SHUFFLED: true, FIRST: false, TOP: false },
        bind: { ...data, z: p.z, delta: p.delta, signal: p.signal, gradients: new Float32Array(parameters) },
      });
      for (let network = 0; network < networks; network++) {
        const first = network * sizes.parameters + layer.offset;
        const entries = gradients.subarray(first, first + layer.fan_in * layer.fan_out);
        expect(Array.from(entries).some(Number.isFinite)).toBe(false);
      }
    });

/**
 * ReLU layers against their formulas: plain and tiled variants, in float32 bit for bit on the software adapter, and
 * within a running error bound everywhere.
 */
import { expect } from "vitest";
import {
  reluBackward,
  reluBackwardTiled,
  reluForward,
  reluForwardTiled,
  reluGradient,
  reluGradientTiled,
} from "../../src/kernels/relu_layers.ts";
import { packTiles } from "../../src/scheduler/tiles.ts";
import { type Arithmetic, type Bounded, errors, float32, single, values } from "./arithmetic.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

/** The middle layer of networks `below` -> `above`, two runs with two copies, after one other hidden layer. */
function problem(size: number, below: number, above: number) {
  const [runs, copies, channels, samples, inputs] = [2, 2, 3, size + 3, 2];
  const units = below + above + 1;
  const parameters = below * above + 5;
  const stride = copies * parameters + 2;
  const sizes = { samples, inputs, channels, capacity: size, streams: 1, copies, units, stride, parameters };
  const layer = { offset: 4, fan_in: below, fan_out: above, below: 0, above: below };
  return {
    sizes,
    layer,
    runs,
    networks: runs * copies,
    order: Uint32Array.from({ length: samples }, (_, j) => (j * 2 + 1) % samples),
    singles: packTiles(
      [0, 1],
      [0, 1].map(() => ({ data: 0, targets: 0, stream: 0 })),
      channels,
      channels,
    ),
    step: { index: 0, start: 1, size, order: 0, scale: 1 },
    base: randomFloats(runs * units * samples, 1),
    z: randomFloats(runs * copies * units * size, 2),
    state: randomFloats(runs * stride, 3),
    weights: randomFloats(runs * copies * parameters, 4),
    delta: randomFloats(runs * copies * units * size, 5),
    signal: randomFloats(runs * channels * size, 6),
  };
}

const shapes = [
  [1, 1, 1],
  [3, 5, 9],
  [65, 8, 4],
  [67, 3, 13],
] as const;
const variants = [
  ["plain", { LANES: 64 }],
  ["tiled", { LANES: 4, WIDTH: 10, UNITS: 12 }],
  ["tiled", { LANES: 4, WIDTH: 3, UNITS: 1 }],
  ["tiled", { LANES: 32, WIDTH: 8, UNITS: 4 }],
] as const;

for (const [size, below, above] of shapes)
  for (const [entry, tile] of variants) {
    const title = `${entry} ${JSON.stringify(tile)}: ${size} samples, ${below} units to ${above}`;
    // 2 j + 1 modulo an even number is no permutation; samples are what the order says all the same.
    const sampleOf = ({ order }: ReturnType<typeof problem>, j: number) => order[1 + j]!;

    test(`relu_forward, ${title}`, async ({ gpu }) => {
      const p = problem(size, below, above);
      const { sizes, layer } = p;
      const { z } = await gpu.run(entry === "plain" ? reluForward : reluForwardTiled, {
        params: { ...sizes, ...layer },
        overrides: { ...tile, SHUFFLED: true, FIRST: false, START: false },
        shape: { ...layer, size, networks: p.networks },
        step: p.step,
        bind: {
          singles: p.singles,
          order: p.order,
          X: new Float32Array(1),
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
              let alive = false;
              for (let i = 0; i < below; i++) {
                const weight = 4 + unit * below + i;
                const start = p.base[(run * sizes.units + i) * sizes.samples + sampleOf(p, j)]!;
                const change = p.z[(network * sizes.units + i) * size + j]!;
                const end = Math.fround(start + change);
                alive ||= end > 0;
                const moved =
                  start > 0 && end > 0 ? change : Math.fround(Math.max(end, 0) - Math.max(start, 0));
                const D = p.state[run * sizes.stride + (network & 1) * sizes.parameters + weight]!;
                sum = add(sum, mul(of(D), of(Math.max(start, 0))));
                sum = add(sum, mul(of(p.weights[network * sizes.parameters + weight]!), of(moved)));
              }
              const own = p.base[(run * sizes.units + below + unit) * sizes.samples + sampleOf(p, j)]!;
              all.push(alive ? sum : of(-own));
            }
        return all;
      };
      const actual = Float32Array.from({ length: p.networks * above * size }, (_, entry) => {
        const [network, rest] = [Math.floor(entry / (above * size)), entry % (above * size)];
        return z[(network * sizes.units + below) * size + rest]!;
      });
      const bounds = expected<Bounded>(single);
      expect(actual).toBeWithin(errors(bounds), values(bounds));
      if (gpu.device.adapter.software) expect(actual).toBeExactly(expected(float32));
    });

    test(`relu_backward, ${title}`, async ({ gpu }) => {
      for (const TOP of [false, true]) {
        const p = problem(size, below, TOP ? 1 : above);
        const { sizes, layer } = p;
        const { delta } = await gpu.run(entry === "plain" ? reluBackward : reluBackwardTiled, {
          params: { ...sizes, slope: 1, ...layer },
          overrides: { ...tile, SHUFFLED: true, TOP },
          shape: { ...layer, size, networks: p.networks },
          step: p.step,
          bind: {
            singles: p.singles,
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
                  const slope = (1 - 2 * (network & 1)) * p.signal[(run * sizes.channels + 1) * size + j]!;
                  const above = p.delta[(network * sizes.units + below + k) * size + j]!;
                  const weight = p.weights[network * sizes.parameters + 4 + k * below + unit]!;
                  sum = add(sum, mul(of(weight), of(TOP ? slope : above)));
                }
                const start = p.base[(run * sizes.units + unit) * sizes.samples + sampleOf(p, j)]!;
                const end = Math.fround(start + p.z[(network * sizes.units + unit) * size + j]!);
                all.push(end > 0 ? sum : of(0));
              }
          return all;
        };
        const actual = Float32Array.from({ length: p.networks * below * size }, (_, entry) => {
          const [network, rest] = [Math.floor(entry / (below * size)), entry % (below * size)];
          return delta[network * sizes.units * size + rest]!;
        });
        const bounds = expected<Bounded>(single);
        expect(actual).toBeWithin(errors(bounds), values(bounds));
        if (gpu.device.adapter.software) expect(actual).toBeExactly(expected(float32));
      }
    });

    test(`relu_gradient, ${title}`, async ({ gpu }) => {
      const p = problem(size, below, above);
      const { sizes, layer } = p;
      const { gradients } = await gpu.run(entry === "plain" ? reluGradient : reluGradientTiled, {
        params: { ...sizes, slope: 1, ...layer },
        overrides: { ...tile, SHUFFLED: true, FIRST: false, TOP: false, START: false },
        shape: { ...layer, size, networks: p.networks },
        step: p.step,
        bind: {
          singles: p.singles,
          order: p.order,
          X: new Float32Array(1),
          base: p.base,
          z: p.z,
          delta: p.delta,
          signal: p.signal,
          gradients: p.networks * sizes.parameters,
        },
      });
      const lanes = entry === "plain" ? 1 : tile.LANES;
      const expected = <T>({ of, add, mul }: Arithmetic<T>): T[] => {
        const all: T[] = [];
        for (let network = 0; network < p.networks; network++)
          for (let unit = 0; unit < above; unit++)
            for (let i = 0; i < below; i++) {
              const run = network >> 1;
              let sum = of(0);
              for (let lane = 0; lane < lanes; lane++) {
                let part = of(0);
                for (let j = lane; j < size; j += lanes) {
                  const start = p.base[(run * sizes.units + i) * sizes.samples + sampleOf(p, j)]!;
                  const H = Math.max(0, Math.fround(start + p.z[(network * sizes.units + i) * size + j]!));
                  part = add(
                    part,
                    mul(of(p.delta[(network * sizes.units + below + unit) * size + j]!), of(H)),
                  );
                }
                sum = lanes === 1 ? part : add(sum, part);
              }
              all.push(sum);
            }
        return all;
      };
      const actual = Float32Array.from({ length: p.networks * above * below }, (_, entry) => {
        const [network, rest] = [Math.floor(entry / (above * below)), entry % (above * below)];
        return gradients[network * sizes.parameters + 4 + rest]!;
      });
      const bounds = expected<Bounded>(single);
      expect(actual).toBeWithin(errors(bounds), values(bounds));
      if (gpu.device.adapter.software) expect(actual).toBeExactly(expected(float32));
    });
  }

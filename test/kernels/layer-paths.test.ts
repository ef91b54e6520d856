/** Sums over paths, a layer of every kind at a time: each formula in its order, bit for bit, and within a running error bound. */
import { expect } from "vitest";
import type { LayerSpecification } from "../../src/document/types.ts";
import { networkLayers, parametersOf, unitsOf, withKernels } from "../../src/layers/network.ts";
import { unusedParams } from "../../src/layers/params.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, type Bounded, errors, float32, single, values } from "./arithmetic.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const [RUNS, COPIES, CHANNELS] = [3, 2, 3];
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const placements = range(RUNS).map(() => ({ data: 0, targets: 0, stream: 0 }));
const run_tiles = packTiles(range(RUNS), placements, CHANNELS, CHANNELS);

const networks: [string, [number, number, number], LayerSpecification[]][] = [
  ["dense layers", [5, 1, 1], [{ dense: 67 }, { dense: 3 }]],
  [
    "zeros around, a stride",
    [2, 6, 5],
    [
      { conv: 3, size: 3, stride: 1, padding: 2 },
      { conv: 2, size: 3, stride: 2, padding: 1 },
    ],
  ],
  ["a stride larger than the window", [3, 7, 7], [{ conv: 2, size: 2, stride: 3, padding: 0 }]],
  ["one pixel", [1, 1, 1], [{ conv: 3, size: 1, stride: 1, padding: 0 }]],
  [
    "pools of both kinds, pixels that no window holds",
    [1, 9, 8],
    [
      { conv: 2, size: 2, stride: 1, padding: 0 },
      { pool: "max", size: 3 },
      { pool: "average", size: 2 },
    ],
  ],
];

for (const [title, [channels, height, width], hidden] of networks)
  test(`paths through ${title}`, async ({ gpu }) => {
    const layers = await withKernels(networkLayers(hidden, { channels, height, width }, 2, true));
    const [units, parameters] = [unitsOf(layers), parametersOf(layers)];
    const weights = randomFloats(RUNS * COPIES * parameters, 1);
    for (const [l, layer] of layers.entries()) {
      const { offset, fan_in, fan_out, below, above, window, window_stride, padding } = layer.sizes;
      const { positions, positions_below, channels_below } = layer.sizes;
      const paths = randomFloats(RUNS * COPIES * units, 2).map(Math.abs);
      const result = await gpu.run(layer.kernels.paths, {
        params: {
          ...unusedParams,
          ...{ samples: 1, inputs: 1, channels: CHANNELS, capacity: 1, streams: 1 },
          ...{ copies: COPIES, units, outputs: 2, stride: 0, parameters },
          ...layer.sizes,
        },
        overrides: { ...layer.overrides, ...(l === 0 ? { FIRST: true } : {}) },
        shape: { ...layer.sizes, networks: RUNS * COPIES },
        bind: { run_tiles, weights, paths },
      });
      const entries = range(RUNS * COPIES).flatMap((network) =>
        range((fan_out || channels_below) * positions).map((unit) => ({ network, unit })),
      );
      const expected = <T>({ of, add, mul, div }: Arithmetic<T>): T[] =>
        entries.map(({ network, unit }) => {
          const from = (place: number) => of(l === 0 ? 1 : paths[network * units + below + place]);
          const weight = (i: number) =>
            of(Math.abs(weights[network * parameters + offset + Math.floor(unit / positions) * fan_in + i]));
          const sum = (terms: T[]) => terms.reduce((total, term) => add(total, term), of(0));
          if (positions_below === 1 && fan_out > 0 && window === 1)
            return sum(range(fan_in).map((i) => mul(weight(i), from(i))));
          // A window of one channel, or of all of them.
          const seen = fan_out > 0 ? range(channels_below) : [Math.floor(unit / positions)];
          const [row, column] = [
            Math.floor((unit % positions) / layer.above.width),
            unit % layer.above.width,
          ];
          const inside = seen.flatMap((channel, k) =>
            range(window ** 2).flatMap((place) => {
              const y = row * window_stride + Math.floor(place / window) - padding;
              const x = column * window_stride + (place % window) - padding;
              if (y < 0 || x < 0 || y >= layer.sizes.height || x >= layer.sizes.width) return [];
              const number = from((channel * layer.sizes.height + y) * layer.sizes.width + x);
              return fan_out > 0 ? [mul(weight(k * window ** 2 + place), number)] : [number];
            }),
          );
          return layer.overrides && "MAX" in layer.overrides && !layer.overrides.MAX
            ? div(sum(inside), of(window ** 2))
            : sum(inside);
        });
      const actual = Float32Array.from(
        entries,
        ({ network, unit }) => result.paths[network * units + above + unit],
      );
      const bounds = expected<Bounded>(single);
      expect(actual).toBeWithin(errors(bounds), values(bounds));
      if (gpu.isExact) expect(actual).toBeExactly(expected(float32));
    }
  });

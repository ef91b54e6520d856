/** Minibatch orders are integers: equal to src/data/stream.ts's, on every adapter. */
import { expect } from "vitest";
import { epochOrder, labelSigns, purposes } from "../../src/data/stream.ts";
import { threefry2x32 } from "../../src/data/threefry.ts";
import { shuffleDraw, shuffleRank } from "../../src/kernels/shuffle.ts";
import { type KernelBench, test } from "./gpu.ts";

interface Block {
  samples: number;
  seeds: number[];
  /** First epoch, and how many. */
  epoch: number;
  epochs: number;
}

const words = (floats: Float32Array) => new Uint32Array(floats.buffer);

async function draw(gpu: KernelBench, { samples, seeds, epoch, epochs }: Block): Promise<Uint32Array> {
  const streams = seeds.length;
  const count = epochs * streams * samples;
  const { keys, order } = await gpu.run(shuffleDraw, {
    params: { samples, streams, tag: purposes.shuffle, noise_tag: purposes.labelNoise, noisy_epochs: 0 },
    shape: { samples, streams, epochs },
    step: { index: epoch, start: 0, size: 0, order: 0, scale: 0 },
    bind: { seeds: Uint32Array.from(seeds), keys: 2 * count, order: count },
  });
  expect(order).toEqual(order.map(() => NaN));
  return words(keys);
}

async function rank(
  gpu: KernelBench,
  { samples, seeds, epoch, epochs }: Block,
  keys: Uint32Array,
  noise?: { SORTED: boolean; noisy_epochs: number },
) {
  const streams = seeds.length;
  const { order } = await gpu.run(shuffleRank, {
    params: {
      samples,
      streams,
      tag: purposes.shuffle,
      noise_tag: purposes.labelNoise,
      noisy_epochs: noise?.noisy_epochs ?? 0,
    },
    overrides: { SORTED: noise?.SORTED ?? true },
    shape: { samples, streams, epochs },
    step: { index: epoch, start: 0, size: 0, order: 0, scale: 0 },
    bind: { seeds: Uint32Array.from(seeds), keys, order: epochs * streams * samples },
  });
  return words(order);
}

const blocks: Block[] = [
  { samples: 1, seeds: [0], epoch: 0, epochs: 1 },
  { samples: 3, seeds: [0, 1, 2 ** 32 - 1], epoch: 0, epochs: 5 },
  { samples: 63, seeds: [500], epoch: 64, epochs: 3 },
  { samples: 64, seeds: [7, 7, 8], epoch: 2 ** 31 + 5, epochs: 2 },
  { samples: 65, seeds: [123456789, 42], epoch: 9999, epochs: 1 },
  { samples: 257, seeds: [3], epoch: 2 ** 32 - 2, epochs: 2 },
];

for (const block of blocks)
  test(`orders are those of epochOrder: ${JSON.stringify(block).replaceAll('"', "")}`, async ({ gpu }) => {
    const { samples, seeds, epoch, epochs } = block;
    const keys = await draw(gpu, block);
    const key = new Uint32Array(2);
    const expected: number[] = [];
    for (let e = 0; e < epochs; e++)
      for (const seed of seeds)
        for (let i = 0; i < samples; i++) {
          threefry2x32(seed, purposes.shuffle, epoch + e, i, key);
          expected.push(...key);
        }
    expect(Array.from(keys)).toEqual(expected);
    const order = await rank(gpu, block, keys);
    for (let e = 0; e < epochs; e++)
      seeds.forEach((seed, stream) => {
        const first = (e * seeds.length + stream) * samples;
        expect(order.slice(first, first + samples)).toEqual(epochOrder(seed, epoch + e, samples));
      });
  });

test("samples are ranked by both words of their key, unsigned, the first before the second, ties by index", async ({
  gpu,
}) => {
  const keys = [
    [2 ** 31, 0],
    [1, 2 ** 31],
    [1, 5],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [1, 5],
    [0, 2 ** 32 - 1],
    [2 ** 31, 0],
    [1, 4],
  ];
  const samples = keys.length;
  const order = await rank(gpu, { samples, seeds: [0], epoch: 0, epochs: 1 }, Uint32Array.from(keys.flat()));
  expect(Array.from(order)).toEqual([5, 7, 2, 4, 1, 0, 6, 3]);
});

test("entries tell the sign of the noise on labels in the epochs that have it, sorted or not", async ({
  gpu,
}) => {
  const block = { samples: 65, seeds: [3, 2 ** 32 - 1], epoch: 98, epochs: 4 };
  const keys = await draw(gpu, block);
  for (const SORTED of [true, false]) {
    const order = await rank(gpu, block, keys, { SORTED, noisy_epochs: 100 });
    const expected: number[] = [];
    for (let e = 98; e < 102; e++)
      for (const seed of block.seeds) {
        const signs = labelSigns(seed, e, 65);
        const own = SORTED ? epochOrder(seed, e, 65) : Uint32Array.from(signs.keys());
        for (const sample of own)
          expected.push(e < 100 ? sample + 2 ** 30 + (signs[sample] < 0 ? 2 ** 31 : 0) : sample);
      }
    expect(Array.from(order)).toEqual(expected);
  }
});

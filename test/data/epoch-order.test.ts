import { expect, test } from "vitest";
import { epochOrder, purposes, randomOrder, stream } from "../../src/data/stream.ts";
import { threefry2x32 } from "../../src/data/threefry.ts";

/** The definition, taken literally: 64-bit keys as integers. */
function sortedByKey(seed: number, epoch: number, samples: number): number[] {
  const block = new Uint32Array(2);
  const keys = Array.from({ length: samples }, (_, i) => {
    threefry2x32(seed, purposes.shuffle, epoch, i, block);
    return (BigInt(block[0]) << 32n) | BigInt(block[1]);
  });
  return keys.map((_, i) => i).sort((i, j) => (keys[i] < keys[j] ? -1 : keys[i] > keys[j] ? 1 : i - j));
}

for (const samples of [0, 1, 2, 3, 63, 64, 65, 257, 5000]) {
  test(`an epoch's order of ${samples} samples is the order of their 64-bit keys`, () => {
    for (const [seed, epoch] of [
      [1, 0],
      [1, 9999],
      [2 ** 32 - 1, 2 ** 32 - 1],
    ]) {
      expect([...epochOrder(seed, epoch, samples)]).toEqual(sortedByKey(seed, epoch, samples));
    }
  });

  test(`an epoch's order of ${samples} samples has every sample once`, () => {
    expect([...epochOrder(3, 4, samples).sort()]).toEqual(Array.from({ length: samples }, (_, i) => i));
  });
}

test("the order of ten samples is as ever (from an independent implementation in Python)", () => {
  expect([...epochOrder(1, 0, 10)]).toEqual([8, 9, 2, 1, 5, 3, 6, 4, 0, 7]);
  expect([...epochOrder(1, 1, 10)]).toEqual([4, 8, 0, 1, 9, 5, 7, 3, 2, 6]);
  expect([...epochOrder(2, 0, 10)]).toEqual([3, 8, 9, 7, 1, 6, 5, 4, 2, 0]);
});

test("samples whose keys agree in the first word are ordered by the second", () => {
  // Epoch 589 of seed 1: samples 1848 and 1976 have the keys d6b32550 2f3f05fb and d6b32550 0e127af4.
  expect([...epochOrder(1, 589, 1977)]).toEqual(sortedByKey(1, 589, 1977));
});

test("every epoch and every seed has its own order", () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    for (let epoch = 0; epoch < 20; epoch++) orders.add(epochOrder(seed, epoch, 20).join());
  }
  expect(orders.size).toBe(400);
});

test("every sample is as likely in every place", () => {
  const samples = 7;
  const epochs = 20_000;
  const counts = Array.from({ length: samples }, () => new Array<number>(samples).fill(0));
  for (let epoch = 0; epoch < epochs; epoch++) {
    epochOrder(1, epoch, samples).forEach((sample, place) => counts[place][sample]++);
  }
  // A count is binomial; 6 standard errors have probability 2e-9.
  const bound = 6 * Math.sqrt((epochs / samples) * (1 - 1 / samples));
  for (const count of counts.flat()) expect(Math.abs(count - epochs / samples)).toBeLessThan(bound);
});

test("a larger data set keeps the relative order of the earlier samples", () => {
  expect([...epochOrder(1, 5, 100)].filter((i) => i < 40)).toEqual([...epochOrder(1, 5, 40)]);
});

test("a random order has every item once; the first items keep their order among themselves when more come", () => {
  const many = [...randomOrder(stream(5, "order"), 257)];
  expect(many.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 257 }, (_, i) => i));
  for (const count of [0, 1, 65]) {
    expect([...randomOrder(stream(5, "order"), count)]).toEqual(many.filter((item) => item < count));
  }
});

test("a random order is its stream's own: by seed, by purpose, and apart from the shuffles", () => {
  const order = randomOrder(stream(5, "order"), 20);
  expect(randomOrder(stream(6, "order"), 20)).not.toEqual(order);
  expect(randomOrder(stream(5, "testOrder"), 20)).not.toEqual(order);
  expect(epochOrder(5, 0, 20)).not.toEqual(order);
});

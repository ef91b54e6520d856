/**
 * Random numbers by name: the stream of a seed and a purpose is Threefry-2x32-20 under the key (seed, purpose tag), and
 * draw i of it is a function of block i, encrypt(i div 2^32, i mod 2^32) = (w0, w1), alone. So a draw depends neither on
 * how many are made nor on the order of runs, purposes never disturb one another, and with the normals of normal.ts the
 * same seed gives the same bits on every machine.
 */

import { normalQuantile } from "./normal.ts";
import { threefry2x32 } from "./threefry.ts";

/** What a stream is for, and its tag. Append; never renumber: a tag is part of what every seed means. */
export const purposes = {
  inputs: 1,
  predictor: 2,
  noise: 3,
  testInputs: 4,
  testNoise: 5,
  initialWeights: 6,
  shuffle: 7,
  teacher: 8,
  labels: 9,
  testLabels: 10,
  order: 11,
  testOrder: 12,
  resampling: 13,
  patterns: 14,
  places: 15,
  testPlaces: 16,
  labelNoise: 17,
} as const;

export type Purpose = keyof typeof purposes;

/** The largest seed; seeds are integers from 0. */
export const maxSeed = 2 ** 32 - 1;

/** A Threefry key. */
export interface Stream {
  readonly seed: number;
  readonly tag: number;
}

/** @param seed integer, taken modulo 2^32 */
export const stream = (seed: number, purpose: Purpose): Stream => ({
  seed: seed >>> 0,
  tag: purposes[purpose],
});

const block = new Uint32Array(2);

/** Leaves block `index` (an integer below 2^53) of a stream in `block`. */
const draw = ({ seed, tag }: Stream, index: number): void =>
  threefry2x32(seed, tag, Math.floor(index / 2 ** 32), index, block);

/**
 * Fills `values` with uniform numbers on [low, high): low + (high - low) u, where
 * 2^53 u is the block's first 53 bits.
 *
 * @param first the draw that values[0] takes; values[k] takes draw first + k
 */
export function fillUniform(from: Stream, values: Float64Array, low = 0, high = 1, first = 0): void {
  for (let k = 0; k < values.length; k++) {
    draw(from, first + k);
    const u = (block[0] * 2 ** 21 + (block[1] >>> 11)) * 2 ** -53;
    const value = low + (high - low) * u;
    // What rounds up to `high` belongs to `low`, which otherwise catches only what rounds down to it.
    values[k] = value < high ? value : low;
  }
}

/**
 * Fills `values` with standard normal numbers, each within 1e-15 relative of the exact quantile: the first bit is the sign, the
 * next 52, k, the tail probability (k + 1/2) / 2^53. |z| <= 8.3.
 *
 * @param first the draw that values[0] takes
 */
export function fillNormal(from: Stream, values: Float64Array, first = 0): void {
  for (let k = 0; k < values.length; k++) {
    draw(from, first + k);
    const bits = (block[0] & 0x7fffffff) * 2 ** 21 + (block[1] >>> 11);
    const z = normalQuantile((bits + 0.5) * 2 ** -53);
    values[k] = block[0] >>> 31 ? -z : z;
  }
}

/**
 * Fills `values` with random signs: -1 where the block's first bit is set, else +1.
 *
 * @param first the draw that values[0] takes
 */
export function fillSigns(from: Stream, values: Float64Array, first = 0): void {
  for (let k = 0; k < values.length; k++) {
    draw(from, first + k);
    values[k] = block[0] >>> 31 ? -1 : 1;
  }
}

/**
 * The order in which an epoch's minibatches take the samples. Sample i has the 64-bit key
 * (w0, w1) = threefry(key = (seed, purposes.shuffle), counter = (epoch, i)), w0 the more significant word; the order
 * lists the samples by increasing key, ties by index. A shader computes the same keys: the two agree bit for bit.
 *
 * @param seed integer, taken modulo 2^32
 * @param epoch counted from 0
 * @returns [samples], a permutation of 0 .. samples - 1
 */
export const epochOrder = (seed: number, epoch: number, samples: number): Uint32Array =>
  orderByKey(stream(seed, "shuffle"), epoch, samples);

/**
 * The signs of the noise on labels in an epoch, [samples]: -1 where the first bit of threefry(key = (seed,
 * purposes.labelNoise), counter = (epoch, i)) is set, else +1. Each epoch uses every label once. A shader draws the same.
 *
 * @param seed integer, taken modulo 2^32
 * @param epoch counted from 0
 */
export function labelSigns(seed: number, epoch: number, samples: number): Int8Array {
  const signs = new Int8Array(samples);
  for (let i = 0; i < samples; i++) {
    threefry2x32(seed >>> 0, purposes.labelNoise, epoch, i, block);
    signs[i] = block[0] >>> 31 ? -1 : 1;
  }
  return signs;
}

/**
 * A random permutation of 0 .. count - 1. Item i has a key of its own, so the order of the first so many items among
 * themselves does not depend on how many there are.
 */
export const randomOrder = (from: Stream, count: number): Uint32Array => orderByKey(from, 0, count);

function orderByKey({ seed, tag }: Stream, row: number, samples: number): Uint32Array {
  const high = new Uint32Array(samples);
  const low = new Uint32Array(samples);
  const order = new Uint32Array(samples);
  for (let i = 0; i < samples; i++) {
    threefry2x32(seed, tag, row, i, block);
    high[i] = block[0];
    low[i] = block[1];
    order[i] = i;
  }
  return order.sort((i, j) => high[i] - high[j] || low[i] - low[j] || i - j);
}

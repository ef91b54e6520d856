/** Numbers for tests: reproducible, in float32, of mixed sign and size. */
import { threefry2x32 } from "../../src/data/threefry.ts";

export function randomFloats(count: number, seed: number, scale = 1): Float32Array {
  const values = new Float32Array(count);
  const words = new Uint32Array(2);
  for (let i = 0; i < count; i++) {
    threefry2x32(seed, 1000, i, 0, words);
    values[i] = scale * (2 * (words[0] / 2 ** 32) - 1);
  }
  return values;
}

/** gamma(k) = k u / (1 - k u): the relative error of k float32 roundings (Higham 2002, Lemma 3.1). */
export const gamma = (k: number): number => (k * 2 ** -24) / (1 - k * 2 ** -24);

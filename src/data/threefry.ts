/**
 * Threefry-2x32-20, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC 2011): a keyed bijection of 64-bit blocks in 20 rounds of add, rotate and xor. It has no state, so
 * any draw can be had by itself, and 32-bit integer arithmetic gives the same bits in JavaScript and in WGSL.
 */

/** Rotation distances of the rounds, repeated every eight (R_32x2 of the reference implementation). */
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];

/** Parity word of the key schedule (SKEIN_KS_PARITY32). */
const parity = 0x1bd11bda;

/** Groups of four rounds, each followed by a key injection: 20 rounds. */
const injections = 5;

/**
 * Encrypts one counter block.
 *
 * @param key0 first key word; all words are taken modulo 2^32
 * @param key1 second key word
 * @param counter0 first counter word
 * @param counter1 second counter word
 * @param block takes the two words of the result
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  block: Uint32Array,
): void {
  const schedule = [key0 | 0, key1 | 0, parity ^ key0 ^ key1];
  let x0 = ((counter0 | 0) + schedule[0]) | 0;
  let x1 = ((counter1 | 0) + schedule[1]) | 0;
  for (let injection = 1; injection <= injections; injection++) {
    for (const rotation of rotations[(injection - 1) % 2]) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    }
    x0 = (x0 + schedule[injection % 3]) | 0;
    x1 = (x1 + schedule[(injection + 1) % 3] + injection) | 0;
  }
  block[0] = x0;
  block[1] = x1;
}

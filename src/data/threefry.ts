/**
 * Threefry-2x32-20, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC 2011): a keyed bijection of 64-bit blocks in 20 rounds of add, rotate and xor. It has no state, so
 * any draw can be had by itself, and 32-bit integer arithmetic gives the same bits in JavaScript and in WGSL.
 */

/** Parity word of the key schedule (SKEIN_KS_PARITY32). */
const parity = 0x1bd11bda;

/** Groups of four rounds, each followed by a key injection: 20 rounds. */
const injections = 5;

const turned = (word: number, left: number): number => (word << left) | (word >>> (32 - left));

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
  // The key schedule, of which every injection takes the next two words.
  let [here, next, last] = [key0 | 0, key1 | 0, parity ^ key0 ^ key1];
  let x0 = ((counter0 | 0) + here) | 0;
  let x1 = ((counter1 | 0) + next) | 0;
  // Written out: a loop over distances takes twice as long. R_32x2 of the reference implementation, repeated every eight rounds.
  for (let injection = 1; injection <= injections; injection++) {
    if (injection % 2 === 1) {
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 13) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 15) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 26) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 6) ^ x0;
    } else {
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 17) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 29) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 16) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = turned(x1, 24) ^ x0;
    }
    const first = here;
    here = next;
    next = last;
    last = first;
    x0 = (x0 + here) | 0;
    x1 = (x1 + next + injection) | 0;
  }
  block[0] = x0;
  block[1] = x1;
}

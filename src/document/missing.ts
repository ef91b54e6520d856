/**
 * A missing value is not a NaN: a diverged loss is NaN, a quantity that a run does not have is missing. Between the
 * engine's blocks and the tables on disk both lie in columns of float64, so a missing value is a NaN with bits of its
 * own, written and recognised through an integer view (arithmetic on it is an ordinary NaN).
 */

const low = 0x6d_69_73_73;
const high = 0x7f_fc_00_00;

/** Marks element `index` as missing; `words` views the same memory as the float64 column. */
export function markMissing(words: Uint32Array, index: number): void {
  words[2 * index] = low;
  words[2 * index + 1] = high;
}

/** Gives element `index` the bits of the one NaN that is written: which NaN arithmetic leaves depends on the compiler. */
export function markNaN(words: Uint32Array, index: number): void {
  words[2 * index] = 0;
  words[2 * index + 1] = 0x7f_f8_00_00;
}

/** True where element `index` has been marked; `words` views the same memory as the float64 column. */
export const isMissing = (words: Uint32Array, index: number): boolean =>
  words[2 * index + 1] === high && words[2 * index] === low;

/** What all property-based tests share. FUZZ_CASES and FUZZ_SEED set how many cases, and which; failures print the seed. */

import fc from "fast-check";

const cases = Number(process.env.FUZZ_CASES ?? 10_000);
const seed = process.env.FUZZ_SEED;

/** @param share of the cases, where several tests try the same reader */
export const fuzzing = (share = 1) => ({
  numRuns: Math.ceil(share * cases),
  ...(seed !== undefined && { seed: Number(seed) }),
});

/** Numbers that sizes and offsets go wrong at. */
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

const edit = fc.record({
  how: fc.constantFrom("set", "set", "word", "cut", "insert", "remove", "repeat"),
  place: fc.nat(),
  byte: fc.nat(255),
  word: fc.constantFrom(...extremes),
  length: fc.nat(40),
});

/** A few edits of bytes, wherever they are: near the beginning, where headers lie, as often as anywhere else. */
export const edits = fc.array(edit, { minLength: 1, maxLength: 4 });

type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

export const edited = (bytes: Uint8Array, changes: readonly Edit[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(changes.reduce<Uint8Array>(withEdit, bytes));

function withEdit(bytes: Uint8Array, { how, place, byte, word, length }: Edit): Uint8Array {
  const at = (place & 1 ? place >>> 1 : (place >>> 1) % 64) % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
  switch (how) {
    case "set":
      return joined(before, Uint8Array.of(byte), after.subarray(1));
    case "word": {
      const four = Buffer.alloc(4);
      if (byte & 1) four.writeUInt32LE(word);
      else four.writeUInt32BE(word);
      return joined(before, four, after.subarray(4));
    }
    case "cut":
      return before;
    case "insert":
      return joined(before, new Uint8Array(length).fill(byte), after);
    case "remove":
      return joined(before, after.subarray(length));
    case "repeat":
      return joined(before, after.subarray(0, length), after);
  }
}

/**
 * What all property-based tests share. FUZZ_CASES and FUZZ_SEED set how many cases, and which: a number, or "any" for
 * others each time. Failures print the seed.
 */

import fc from "fast-check";
import type { Json } from "../../src/document/types.ts";

type Written = Record<string, Json>;

const cases = Number(process.env.FUZZ_CASES ?? 10_000);
const seed = process.env.FUZZ_SEED ?? "1";

/** @param share of the cases, where several tests try the same reader */
export const fuzzing = (share = 1) => ({
  numRuns: Math.ceil(share * cases),
  ...(seed !== "any" && { seed: Number(seed) }),
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

/** Values that stand somewhere in documents, in the wrong place, and values that stand nowhere. */
export const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    ...[
      null,
      true,
      0,
      -1,
      1,
      2,
      0.5,
      33,
      1e9,
      1e308,
      -1e-320,
      "",
      "ones",
      "full",
      "he",
      "file",
      "relu",
      "init.alpha",
    ],
    ...[
      "init.shape.std",
      "data.kind",
      "linear-sparse",
      "loss",
      "margin",
      "__proto__",
      "constructor",
      "a\nb",
      "\ud800",
    ],
    ...[
      [],
      {},
      [1],
      [[1]],
      { log: 3 },
      { std: 1 },
      { kind: "diagonal" },
      [1, 2, 3],
      ["ntk"],
      { path: "init.seed" },
    ],
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const keys = fc.oneof(
  fc.constantFrom("kind", "alpha", "seed", "stepSize", "values", "path", "paths", "range", "log", "toString"),
  fc.string(),
);

/** All objects and lists within a value. */
function holders(value: Json): (Json[] | Written)[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(holders)];
}

export const change = fc.record({
  where: fc.nat(),
  entry: fc.nat(),
  how: fc.constantFrom("set", "set", "remove", "add", "double"),
  key: keys,
  value: strange,
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

export function changed(document: Json, { where, entry, how, key, value }: Change): void {
  const all = holders(document);
  const holder = all[where % all.length];
  const names = Object.keys(holder);
  const name = names[entry % names.length];
  // As a reader of JSON would: a plain assignment to __proto__ would not make a key.
  const set = (key: string, value: Json) =>
    Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
  if (Array.isArray(holder)) {
    if (how === "remove") holder.splice(entry % (names.length + 1), 1);
    else holder[how === "set" && name !== undefined ? Number(name) : holder.length] = structuredClone(value);
  } else if (how === "add" || name === undefined) set(key, structuredClone(value));
  else if (how === "remove") delete holder[name];
  else if (how === "double") set(key, structuredClone(holder[name]));
  else set(name, structuredClone(value));
}

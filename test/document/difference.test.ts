import fc from "fast-check";
import { expect, test } from "vitest";
import { firstDifference } from "../../src/document/difference.ts";
import type { Json } from "../../src/document/types.ts";

test.each<[Json, Json, object | undefined]>([
  [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, undefined],
  [
    { a: 1, b: 2 },
    { b: 3, a: 1 },
    { path: ["b"], one: 2, other: 3 },
  ],
  [{ a: 1 }, { a: 1, b: 2 }, { path: ["b"], other: 2 }],
  [{ a: [1, 2] }, { a: [1, 2, 3] }, { path: ["a"], one: [1, 2], other: [1, 2, 3] }],
  [{ a: [1, { b: "x" }] }, { a: [1, { b: "y" }] }, { path: ["a", 1, "b"], one: "x", other: "y" }],
  [{ a: {} }, { a: [] }, { path: ["a"], one: {}, other: [] }],
  [JSON.parse('{"__proto__": 1}') as Json, {}, { path: ["__proto__"], one: 1 }],
])("%j and %j", (one, other, difference) => {
  expect(firstDifference(one, other)).toEqual(difference);
});

test("documents differ where their texts do", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const copy = JSON.parse(JSON.stringify(one)) as Json;
      expect(firstDifference(copy, JSON.parse(JSON.stringify(copy)) as Json)).toBeUndefined();
      const isSame = JSON.stringify(sorted(one as Json)) === JSON.stringify(sorted(other as Json));
      expect(firstDifference(copy, JSON.parse(JSON.stringify(other)) as Json) === undefined).toBe(isSame);
    }),
  );
});

/** With keys in order. */
const sorted = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value;

import { expect, test } from "vitest";
import { single } from "./arithmetic.ts";
import "./within.ts";

test("the matchers name the worst entry, and let neither NaN nor another length pass", () => {
  expect([1, 2]).toBeWithin([0, 0.5], [1, 2.5]);
  expect(() => expect([1, 2, 3]).toBeWithin([0.5, 0.1, 0], [1, 2.2, 3])).toThrow(
    /^1 of 3 entries are out of bounds; the worst is entry 1: 2 against 2.2/,
  );
  expect(() => expect([1, NaN]).toBeWithin(Infinity, [1, 2])).toThrow(/entry 1: NaN against 2/);
  expect(() => expect([1]).toBeWithin(Infinity, [1, 1])).toThrow("1 entries against 2 references");
  expect([NaN, -0, 0.1]).toBeExactly([NaN, 0, 0.1]);
  expect(() => expect([1, NaN, 3]).toBeExactly([1, 2, 3])).toThrow(/entry 1: NaN against 2/);
  expect(() => expect([1, 2]).toBeExactly([1, 2 + 2 ** -51])).toThrow(/1 of 2 entries differ/);
});

test("running error analysis knows a rounding, what a difference makes of it, and a flush to zero", () => {
  const { of, add, sub, mul, div } = single;
  const u = 2 ** -24;
  const third = div(of(1), of(3));
  expect(third.error).toBeGreaterThan(5 * u * third.value);
  expect(third.error).toBeLessThan(5.001 * u * third.value);
  // 1/3 + 1e6 rounds by u 1e6, which the difference keeps.
  const lost = sub(add(third, of(1e6)), of(1e6));
  expect(Math.abs(Math.fround(Math.fround(Math.fround(1 / 3) + 1e6) - 1e6) - lost.value)).toBeLessThan(
    lost.error,
  );
  expect(lost.error).toBeGreaterThan(u * 1e6);
  expect(lost.error).toBeLessThan(2 * u * 1e6);
  expect(mul(of(2 ** -100), of(2 ** -100)).error).toBeGreaterThanOrEqual(2 ** -126);
});

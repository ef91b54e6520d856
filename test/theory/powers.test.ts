import { expect, test } from "vitest";
import { root, wholePower } from "../../src/theory/powers.ts";

const numbers = Array.from({ length: 200 }, (_, k) => 10 ** ((k - 100) / 25));

test("whole powers of powers of two are exact, and others right to a few roundings", () => {
  for (let exponent = -60; exponent <= 60; exponent++)
    for (const x of [2, 0.5, 2 ** 7]) expect(wholePower(x, exponent)).toBe(2 ** (Math.log2(x) * exponent));
  for (const x of numbers)
    for (const exponent of [-7, -1, 0, 1, 2, 3, 5, 8, 31]) {
      const expected = x ** exponent;
      if (Number.isFinite(expected) && expected > 1e-300)
        expect(Math.abs(wholePower(x, exponent) / expected - 1)).toBeLessThan(40 * 2 ** -53);
    }
});

test("the root of a whole power is the number", () => {
  for (const x of numbers)
    for (const n of [1, 2, 3, 4, 5, 8, 13]) {
      const power = wholePower(x, n);
      if (power > 1e-300 && power < 1e300)
        expect(Math.abs(root(power, n) / x - 1)).toBeLessThan(40 * 2 ** -53);
    }
});

test("a power is the same number however often it is taken", () => {
  const first = numbers.map((x) => wholePower(x, 5));
  for (let round = 0; round < 2000; round++)
    for (const [k, x] of numbers.entries()) if (wholePower(x, 5) !== first[k]) throw new Error(`${x}`);
});
